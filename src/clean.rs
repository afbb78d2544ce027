//! The stages called in order: one page, no I/O, no failure.

use std::sync::LazyLock;

use crate::blocks::Asked;
use crate::config::Config;
use crate::decode::decode;
use crate::error::Error;
use crate::explain::{Explanation, Reasons};
use crate::features::{Context, Features, Profile};
use crate::kind::{self, Estimate, Judged, Kinds};
use crate::lexicon::{Lexicon, PagePhrases};
use crate::page::{Cleaned, Hints, Kind, Limit, Media, Page};
use crate::parse::{Dom, Parser};
use crate::score::{self, Scorer};
use crate::sites::{Prescription, Sites};
use crate::{blocks, decide, metadata, rules, spam};

/// Cleans a page with default settings. Markup is recognised by its look; anything else is taken as plain text.
///
/// The first call compiles the word lists, some milliseconds; they stay for the next ones.
///
/// ```
/// assert_eq!(dehusk::clean("").text(), "");
/// ```
#[must_use]
pub fn clean(page: &str) -> Cleaned {
    /// Constant: the default settings and the tables that are part of the program.
    static DEFAULT: LazyLock<Cleaner> = LazyLock::new(Cleaner::default);
    DEFAULT.clean(page.as_bytes(), Hints { charset: Some("utf-8"), ..Hints::default() })
}

/// Cleans pages by one configuration. Building one compiles the word lists; it is then shared by all threads.
#[derive(Debug)]
pub struct Cleaner {
    config: Config,
    lexicon: Lexicon,
    scorer: Scorer,
    kinds: Kinds,
    sites: Sites,
}

impl Default for Cleaner {
    fn default() -> Self {
        Self {
            config: Config::default(),
            lexicon: Lexicon::new(),
            scorer: Scorer::new(),
            kinds: Kinds::new(),
            sites: Sites::default(),
        }
    }
}

impl Cleaner {
    /// A cleaner with these settings. The file of sites is read here, if they name one.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the first setting that is out of range; [`Error::Read`] and [`Error::File`] say what is
    /// wrong with the file of sites.
    pub fn new(config: Config) -> Result<Self, Error> {
        config.validate()?;
        let sites = config.sites.as_deref().map(Sites::read).transpose()?.unwrap_or_default();
        Ok(Self { config, sites, ..Self::default() })
    }

    /// The same with other rules for sites.
    #[cfg(feature = "sites")]
    #[must_use]
    pub fn with_sites(self, sites: Sites) -> Self {
        Self { sites, ..self }
    }

    /// A hash of the rules for sites; nothing if there are none.
    pub(crate) fn sites_hash(&self) -> Option<u64> {
        self.sites.hash()
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Cleans one page. Any bytes give a result, and the same bytes and hints give the same one.
    #[must_use]
    pub fn clean(&self, bytes: &[u8], hints: Hints<'_>) -> Cleaned {
        self.clean_with(&mut Scratch::default(), bytes, hints)
    }

    /// Cleans one page like [`clean`](Self::clean), in memory that is used again for the next one.
    ///
    /// ```
    /// use dehusk::{Cleaner, Hints, Scratch};
    ///
    /// let cleaner = Cleaner::default();
    /// let mut scratch = Scratch::default();
    /// for page in ["<p>One.", "<p>Two."] {
    ///     assert_eq!(cleaner.clean_with(&mut scratch, page.as_bytes(), Hints::default()).page.blocks.len(), 1);
    /// }
    /// ```
    #[must_use]
    pub fn clean_with(&self, scratch: &mut Scratch, bytes: &[u8], hints: Hints<'_>) -> Cleaned {
        self.clean_observed(scratch, bytes, hints, &mut |_| {})
    }

    /// Cleans one page and names each stage when it is done. The seam for benches.
    #[doc(hidden)]
    pub fn clean_observed(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        hints: Hints<'_>,
        done: &mut dyn FnMut(&'static str),
    ) -> Cleaned {
        let read = self.read(scratch, bytes, &hints, done);
        let profile = Profile::new(&read.page, &self.lexicon);
        let features = Features::new(&read.page, &profile);
        done("features");
        let (first, estimate) = self.judge(scratch, &read, &features, done);
        let context = features.with_scores(&first, &estimate.shares);
        let scores = self.scorer.score(&read.page, &context, &mut scratch.score);
        done("context");
        self.finish(read, &scratch.dom, &Scored { scores, estimate, phrases: profile.phrases }, &hints, done)
    }

    /// Cleans one page and says of every block why it was kept or cut. Many times the work of cleaning.
    ///
    /// ```
    /// let explained = dehusk::Cleaner::default().explain(b"<p>Twice a day.", dehusk::Hints::default());
    /// assert_eq!(explained.blocks[0].text, "Twice a day.");
    /// ```
    #[must_use]
    pub fn explain(&self, bytes: &[u8], hints: Hints<'_>) -> Explanation {
        let mut scratch = Scratch::default();
        let read = self.read(&mut scratch, bytes, &hints, &mut |_| {});
        let profile = Profile::new(&read.page, &self.lexicon);
        let features = Features::new(&read.page, &profile);
        let (first, estimate) = self.judge(&mut scratch, &read, &features, &mut |_| {});
        let context = features.with_scores(&first, &estimate.shares);
        let scores = self.scorer.score(&read.page, &context, &mut scratch.score);
        let reasons = Reasons::of(&features, &context);
        let site = read.site.clone();
        let cleaned = self.finish(
            read,
            &scratch.dom,
            &Scored { scores, estimate, phrases: profile.phrases },
            &hints,
            &mut |_| {},
        );
        let dom = (cleaned.page.media == Some(Media::Html)).then_some(&scratch.dom);
        let mut origins = metadata::find(dom, &cleaned.page, &cleaned.verdicts, &hints, &self.lexicon);
        if let Some(site) = &site {
            origins.prescribe(site.values());
        }
        Explanation::new(&cleaned, reasons, &estimate, origins)
    }

    /// Cleans a page by scores from elsewhere, one a block, and by probabilities of its kinds from elsewhere: how a
    /// model is judged on pages that it was not trained on.
    ///
    /// # Panics
    ///
    /// Where there are fewer scores than blocks.
    #[doc(hidden)]
    #[must_use]
    pub fn clean_with_scores(
        &self,
        bytes: &[u8],
        hints: Hints<'_>,
        scores: &[f32],
        kinds: &kind::Shares,
    ) -> Cleaned {
        let mut scratch = Scratch::default();
        let read = self.read(&mut scratch, bytes, &hints, &mut |_| {});
        assert!(scores.len() >= read.page.blocks.len(), "one score a block");
        let scores = scores[..read.page.blocks.len()].to_vec();
        let phrases = Profile::new(&read.page, &self.lexicon).phrases;
        let estimate = Estimate::new(*kinds);
        self.finish(read, &scratch.dom, &Scored { scores, estimate, phrases }, &hints, &mut |_| {})
    }

    /// The blocks of a page and their features, a row a block in the order of [`columns`](crate::columns): what
    /// the model is trained on.
    #[must_use]
    pub fn features(&self, bytes: &[u8], hints: Hints<'_>) -> (Page, Vec<Vec<f32>>) {
        let read = self.read(&mut Scratch::default(), bytes, &hints, &mut |_| {});
        let rows = Features::new(&read.page, &Profile::new(&read.page, &self.lexicon)).rows();
        (read.page, rows)
    }

    /// What the second model reads of a page with these first scores of its blocks and these probabilities of its kinds,
    /// a row a block in the order of [`context_columns`](crate::context_columns).
    #[doc(hidden)]
    #[must_use]
    pub fn context_features(
        &self,
        bytes: &[u8],
        hints: Hints<'_>,
        scores: &[f32],
        kinds: &kind::Shares,
    ) -> Vec<Vec<f32>> {
        let read = self.read(&mut Scratch::default(), bytes, &hints, &mut |_| {});
        let profile = Profile::new(&read.page, &self.lexicon);
        let context = Context::new(&read.page, &profile, &scores[..read.page.blocks.len()], kinds);
        (0..context.blocks()).map(|index| context.row(index)).collect()
    }

    /// The features of a whole page with these scores of its blocks: what the model of kinds is trained on.
    #[doc(hidden)]
    #[must_use]
    pub fn kind_features(&self, bytes: &[u8], hints: Hints<'_>, scores: &[f32]) -> Vec<f32> {
        let mut scratch = Scratch::default();
        let read = self.read(&mut scratch, bytes, &hints, &mut |_| {});
        let profile = Profile::new(&read.page, &self.lexicon);
        let scores = &scores[..read.page.blocks.len()];
        kind::row(&Judged { dom: read.dom(&scratch.dom), page: &read.page, profile: &profile, scores })
    }

    /// Features to the first score of each block and the kind of page.
    fn judge(
        &self,
        scratch: &mut Scratch,
        read: &Read,
        features: &Features<'_>,
        done: &mut dyn FnMut(&'static str),
    ) -> (Vec<f32>, Estimate) {
        let scores = self.scorer.first(features, &mut scratch.score);
        done("score");
        let judged = Judged {
            dom: read.dom(&scratch.dom),
            page: &read.page,
            profile: features.profile(),
            scores: &scores,
        };
        let estimate = self.kinds.estimate(&judged, &self.lexicon);
        done("kind");
        (scores, estimate)
    }

    /// Scores to result.
    #[expect(clippy::too_many_arguments, reason = "each stage before left something")]
    fn finish(
        &self,
        read: Read,
        dom: &Dom,
        scored: &Scored,
        hints: &Hints<'_>,
        done: &mut dyn FnMut(&'static str),
    ) -> Cleaned {
        let Scored { scores, estimate, phrases } = scored;
        let mut findings = rules::run(&read.page, scores, phrases, &self.lexicon, &self.config);
        if let Some(site) = &read.site {
            site.overrule(&read.page, &mut findings);
        }
        done("rules");
        let (mut verdicts, mut kind, mut confidence) =
            decide::decide(&read.page, scores, findings, estimate, self.lexicon.common(), &self.config);
        if let Some(site) = &read.site
            && site.keep_body(&read.page, &mut verdicts, &self.config)
        {
            // Whoever names the body knows that there is one.
            confidence = 1.0;
            kind = if kind == Kind::Empty { estimate.kind } else { kind };
        }
        let spam = spam::judge(&read.page, &verdicts);
        done("decide");
        let dom = read.dom(dom);
        let mut found = metadata::find(dom, &read.page, &verdicts, hints, &self.lexicon);
        if let Some(site) = &read.site {
            found.prescribe(site.values());
        }
        done("metadata");
        Cleaned {
            page: read.page,
            verdicts,
            metadata: found.into(),
            kind,
            confidence,
            spam,
            charset: read.charset,
            limits: read.limits,
            site: read.site.map(Prescription::into_use),
        }
    }

    /// Bytes to blocks. The tree stays in the scratch memory.
    fn read(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        hints: &Hints<'_>,
        done: &mut dyn FnMut(&'static str),
    ) -> Read {
        let limits = &self.config.limits;
        let taken = &bytes[..bytes.len().min(limits.max_bytes)];
        let decoded = decode(taken, hints);
        let limits = &limits.of_page(decoded.text.len());
        done("decode");
        let mut met = Vec::new();
        met.extend((taken.len() < bytes.len()).then_some(Limit::Bytes));
        let (site, (page, met_blocks)) = match decoded.media {
            Media::Text => (self.sites.of_text(hints), blocks::from_text(&decoded.text, limits)),
            Media::Html => {
                let Scratch { parser, dom, .. } = scratch;
                parser.parse_into(dom, &decoded.text, limits);
                done("parse");
                met.extend(dom.met_depth().then_some(Limit::Depth));
                met.extend(dom.met_nodes().then_some(Limit::Nodes));
                let selected = self.sites.select(dom, &decoded.text, hints, &self.lexicon);
                let mut asked = Asked::default();
                if let Some(selected) = &selected {
                    asked.nodes = selected.nodes();
                    done("sites");
                }
                dom.fill_places();
                let (page, met) = blocks::from_dom_asked(dom, &self.lexicon, limits, &mut asked);
                (selected.map(|selected| selected.on_page(&page, &asked)), (page, met))
            }
        };
        done("blocks");
        met.extend(met_blocks.then_some(Limit::Blocks));
        met.extend(score::is_sampled(&page).then_some(Limit::Scores));
        let charset = decoded.charset;
        decoded.release();
        Read { page, charset, limits: met, site }
    }
}

/// Memory that cleaning one page leaves to the next. One for each thread: it holds nothing that changes a result.
///
/// What a very large page took is given back, so that it holds a few megabytes at most.
#[derive(Debug, Default)]
pub struct Scratch {
    parser: Parser,
    dom: Dom,
    score: score::Buffers,
}

/// A page after the first three stages.
struct Read {
    page: Page,
    charset: &'static str,
    limits: Vec<Limit>,
    site: Option<Prescription>,
}

impl Read {
    /// The tree, if this page had one.
    fn dom<'d>(&self, dom: &'d Dom) -> Option<&'d Dom> {
        (self.page.media == Some(Media::Html)).then_some(dom)
    }
}

/// What the models say of a page.
struct Scored {
    scores: Vec<f32>,
    estimate: Estimate,
    phrases: PagePhrases,
}
