//! Signed notes (C2SP signed-note): a text, and signatures by named keys.
