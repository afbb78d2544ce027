//! Grades a cleaner: its texts and what was planted come in, a [`Grade`] goes out.

use std::collections::BTreeMap;

use super::plant::squeezed;
use crate::metrics::WordScorer;

/// How much of what was planted is left, by kind, and what it cost the articles.
#[derive(Clone, Debug, Default)]
pub struct Grade {
    /// By kind: strings planted, strings that survived.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// Pages with a gold text or a text of the clean page.
    pub pages: usize,
    clean: f64,
    infested: f64,
}

impl Grade {
    /// Counts a page's planted strings, `(kind, text)`, in the text that a cleaner made of it. Tells which survived.
    pub fn count<'a>(&mut self, text: &str, planted: &'a [(String, String)]) -> Vec<&'a (String, String)> {
        let squeezed_text = squeezed(text);
        let mut survived = Vec::new();
        for entry in planted {
            let count = self.kinds.entry(entry.0.clone()).or_default();
            count.0 += 1;
            let wanted = squeezed(&entry.1);
            let bare = wanted.replace('\u{200b}', "");
            if squeezed_text.contains(&wanted) || squeezed_text.contains(&bare) {
                count.1 += 1;
                survived.push(entry);
            }
        }
        survived
    }

    /// Adds a page's loss: the texts of the clean and of the infested page against the gold.
    pub fn compare(&mut self, words: &WordScorer, gold: &str, clean: &str, infested: &str) {
        self.pages += 1;
        self.clean += words.score(clean, gold).f1;
        self.infested += words.score(infested, gold).f1;
    }

    /// Share of a kind's strings that survived.
    #[must_use]
    pub fn leak(&self, kind: &str) -> f64 {
        let (planted, survived) = self.kinds.get(kind).copied().unwrap_or_default();
        survived as f64 / planted.max(1) as f64
    }

    /// The mean of the kinds' leaks.
    #[must_use]
    pub fn mean_leak(&self) -> f64 {
        self.kinds.keys().map(|kind| self.leak(kind)).sum::<f64>() / self.kinds.len().max(1) as f64
    }

    /// Mean word F1 of the clean pages and of the infested ones.
    #[must_use]
    pub fn f1(&self) -> (f64, f64) {
        let pages = self.pages.max(1) as f64;
        (self.clean / pages, self.infested / pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_survives_is_counted() {
        let mut grade = Grade::default();
        let planted: Vec<(String, String)> =
            [("farm", "York Taxi"), ("farm", "Hull Taxi"), ("stamp", "Edited 2020")]
                .map(|(kind, text)| (kind.to_owned(), text.to_owned()))
                .into();
        let survived = grade.count("The tide.\nyork  taxi", &planted);
        assert_eq!(survived, [&planted[0]]);
        assert_eq!((grade.leak("farm"), grade.leak("stamp"), grade.mean_leak()), (0.5, 0.0, 0.25));
        grade.compare(&WordScorer::new(), "the tide", "the tide", "tide");
        assert!(grade.f1().0 > grade.f1().1);
    }
}
