//! Sites in a build without selectors: there are none.

use std::path::Path;

use super::{Prescription, Selected};
use crate::error::Error;
use crate::lexicon::Lexicon;
use crate::page::Hints;
use crate::parse::Dom;

/// No rules.
#[derive(Debug, Default)]
pub(crate) struct Sites;

#[expect(clippy::unused_self, reason = "these are the functions of the other one")]
impl Sites {
    /// Refuses.
    pub(crate) fn read(_path: &Path) -> Result<Self, Error> {
        Err(Error::config("sites", "this build of dehusk has no site rules".to_owned()))
    }

    pub(crate) fn hash(&self) -> Option<u64> {
        None
    }

    pub(crate) fn of_text(&self, _hints: &Hints<'_>) -> Option<Prescription> {
        None
    }

    pub(crate) fn select(
        &self,
        _dom: &Dom,
        _html: &str,
        _hints: &Hints<'_>,
        _lexicon: &Lexicon,
    ) -> Option<Selected> {
        None
    }
}
