//! The exit codes, all of them.

use std::process::ExitCode;

/// How a run of the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every input was cleaned and written.
    Fine,
    /// Some inputs failed; the others were cleaned.
    SomeFailed,
    /// The command line or a setting is wrong; nothing was done. The argument parser uses the same code.
    Usage,
    /// An output could not be written.
    NotWritten,
    /// The user stopped the run, by Ctrl-C or a signal.
    Interrupted,
}

/// The codes as the help shows them.
pub(crate) const HELP: &str = "\
Exit codes:
  0    every input was cleaned
  1    some inputs failed, the rest was cleaned
  2    the command line or a setting is wrong, nothing was done
  3    an output could not be written
  130  stopped by Ctrl-C; what is there is whole";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::SomeFailed => 1,
            Exit::Usage => 2,
            Exit::NotWritten => 3,
            Exit::Interrupted => 130,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_code() {
        for code in ["  0 ", "  1 ", "  2 ", "  3 ", "  130 "] {
            assert!(HELP.contains(code), "{code}");
        }
    }
}
