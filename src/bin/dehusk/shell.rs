//! `dehusk completions` and `dehusk man`: what a shell and its reader want to know of the command line, made of its
//! definition.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::exit::Exit;

/// For which shell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dehusk completions bash > ~/.local/share/bash-completion/completions/dehusk
  dehusk completions zsh > ~/.zfunc/_dehusk
  dehusk completions fish > ~/.config/fish/completions/dehusk.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "dehusk", &mut script);
        crate::print(&String::from_utf8_lossy(&script))
    }
}

/// Of which command.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dehusk man | man -l -
  dehusk man clean > ~/.local/share/man/man1/dehusk-clean.1")]
pub(crate) struct Man {
    /// A command of dehusk, such as `clean` [default: dehusk itself]
    command: Option<String>,
}

impl Man {
    pub(crate) fn run(&self) -> Exit {
        let mut cli = Cli::command();
        cli.build();
        let chosen = match &self.command {
            None => Some(cli),
            Some(name) => cli.find_subcommand(name).cloned(),
        };
        let Some(command) = chosen else {
            return crate::refuse(&format!(
                "there is no command {:?}",
                self.command.as_deref().unwrap_or("")
            ));
        };
        let mut page = Vec::new();
        match clap_mangen::Man::new(command).render(&mut page) {
            Ok(()) => crate::print(&String::from_utf8_lossy(&page)),
            Err(error) => crate::refuse(&format!("the manual page cannot be made: {error}")),
        }
    }
}
