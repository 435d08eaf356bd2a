//! Extensions of certificates from what they say.

use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;

/// An extension of a certificate, with the criticality that its type has.
pub(crate) trait ToExtensionOf {
    fn to_extension_of(&self, subject: &Name) -> Result<Extension, der::Error>;
}

impl<T> ToExtensionOf for T
where
    for<'a> &'a T: ToExtension<Error = der::Error>,
{
    fn to_extension_of(&self, subject: &Name) -> Result<Extension, der::Error> {
        self.to_extension(subject, &[])
    }
}
