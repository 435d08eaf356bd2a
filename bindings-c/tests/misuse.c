/* Must not compile: a code is no condition. With CORRECT defined it must. */

#include <countermark.h>

int trusts(const countermark_verifier *verifier, const countermark_entries *entries, const countermark_policy *policy)
{
#if defined(CORRECT)
    return countermark_verify(verifier, "", 0, entries, policy, NULL, NULL, NULL).number == COUNTERMARK_VERIFIED;
#elif defined(NEGATED)
    return !countermark_verify(verifier, "", 0, entries, policy, NULL, NULL, NULL);
#else
    return countermark_verify(verifier, "", 0, entries, policy, NULL, NULL, NULL) ? 1 : 0;
#endif
}
