//! Collects text into blocks and the open elements into containers.

use super::chars::{self, Class};
use crate::lexicon::Concepts;
use crate::page::{Block, Container, Cover, Layout, NONE, Page, Role, Span, SpanKind, Stats};
use crate::parse::{Tag, Tags};

/// How many inline elements that stay open over the end of a block are taken up in the next one, the innermost.
const MAX_INLINE: usize = 16;

/// Blocks that there is room for from the start, so that vectors need not grow to it step by step.
const ROOM: usize = 128;

/// Builds a [`Page`]: elements are opened and closed, text is pushed, blocks end by [`Builder::end_block`].
pub(super) struct Builder {
    page: Page,
    max_blocks: usize,
    met_blocks: bool,
    frames: Vec<Frame>,
    /// How many of the frames, from the outside, have a container: those that hold text.
    materialised: usize,
    elements: u32,
    images: u32,
    current: Current,
    inline: Vec<Inline>,
    /// Hidden text inside the block that is being filled, with whether it stands in a link.
    aside: Vec<(String, bool)>,
    aside_cover: Cover,
}

/// An open element that is not inline, and what its blocks take from it.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) tag: Tag,
    pub(super) own: Concepts,
    pub(super) signature: u32,
    pub(super) within: Tags,
    pub(super) concepts: Concepts,
    pub(super) layout: Layout,
    pub(super) cover: Cover,
    pub(super) kin: u32,
    pub(super) discloses: bool,
    /// The number of the next item, of a numbered list.
    pub(super) next_item: Option<u32>,
    /// The number of cells so far, of a row.
    pub(super) cells: u16,
    container: u32,
    elements: u32,
    images: u32,
}

/// An open inline element.
struct Inline {
    kind: Option<SpanKind>,
    /// What holds for the text inside, because of this element and those around it.
    marks: Marks,
    /// How many frames were open around it.
    depth: usize,
    concepts: Concepts,
}

/// The block that is being filled.
#[derive(Default)]
struct Current {
    start: u32,
    first_span: u32,
    stats: Stats,
    word: Word,
    /// White space came and nothing after it yet.
    space: bool,
    /// The white space was a wide gap.
    gap: bool,
    hidden_chars: u32,
    /// The cover of a block that holds hidden text out of a seen one.
    cover: Cover,
    concepts: Concepts,
    /// Line breaks since the last text.
    breaks: u8,
    last: Option<Class>,
}

#[derive(Default)]
struct Word {
    letters: u32,
    capital: bool,
    open: bool,
}

impl Builder {
    pub(super) fn new(max_blocks: usize) -> Self {
        let root = Frame {
            tag: Tag::Other,
            own: Concepts::default(),
            signature: 0,
            within: Tags::default(),
            concepts: Concepts::default(),
            layout: Layout::default(),
            cover: Cover::Shown,
            kin: 0,
            discloses: false,
            next_item: None,
            cells: 0,
            container: NONE,
            elements: 0,
            images: 0,
        };
        Self {
            page: Page {
                text: String::with_capacity(64 * ROOM),
                hrefs: String::with_capacity(64 * ROOM),
                blocks: Vec::with_capacity(ROOM),
                containers: Vec::with_capacity(ROOM),
                spans: Vec::with_capacity(ROOM),
                ..Page::default()
            },
            max_blocks,
            met_blocks: false,
            frames: vec![root],
            materialised: 0,
            elements: 0,
            images: 0,
            current: Current::default(),
            inline: Vec::new(),
            aside: Vec::new(),
            aside_cover: Cover::Shown,
        }
    }

    /// The page, and whether text was left out because of the limit on blocks.
    pub(super) fn finish(mut self) -> (Page, bool) {
        self.end_block();
        while !self.frames.is_empty() {
            self.close();
        }
        (self.page, self.met_blocks)
    }

    /// The innermost open element.
    pub(super) fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the root stays open until the page is finished")
    }

    /// Opens an element; `frame` is the parent's, changed to what is new.
    pub(super) fn open(&mut self, mut frame: Frame) {
        self.end_block();
        frame.container = NONE;
        frame.elements = self.elements;
        frame.images = self.images;
        self.frames.push(frame);
        self.elements += 1;
    }

    /// Closes the innermost element.
    pub(super) fn close(&mut self) {
        self.end_block();
        let Some(frame) = self.frames.pop() else { return };
        if let Some(container) = self.page.containers.get_mut(frame.container as usize) {
            container.blocks.end = self.page.blocks.len() as u32;
            container.elements = self.elements - frame.elements;
            container.images = self.images - frame.images;
            self.materialised = self.frames.len();
        }
    }

    /// Opens an inline element.
    pub(super) fn open_inline(&mut self, tag: Tag, href: Option<&str>, cover: Cover, concepts: Concepts) {
        self.elements += 1;
        let is_aside = self.frame_cover() < Cover::Waiting && cover >= Cover::Waiting;
        let kind = match tag {
            _ if is_aside => None,
            Tag::A => href.map(|href| {
                let start = self.page.hrefs.len() as u32;
                self.page.hrefs.push_str(href.trim());
                SpanKind::Link(start..self.page.hrefs.len() as u32)
            }),
            Tag::B | Tag::Strong => Some(SpanKind::Strong),
            Tag::I | Tag::Em => Some(SpanKind::Emphasis),
            Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => Some(SpanKind::Code),
            _ => None,
        };
        if let Some(SpanKind::Link(_)) = kind {
            self.current.stats.links += 1;
        }
        if self.is_empty() && !is_aside {
            self.current.concepts = self.current.concepts.union(concepts);
        }
        open_span(&mut self.page, kind.as_ref());
        let outer = self.inline.last().map_or_else(Marks::default, |outer| outer.marks);
        let marks = Marks {
            link: outer.link || tag == Tag::A && href.is_some(),
            bold: outer.bold || matches!(kind, Some(SpanKind::Strong | SpanKind::Emphasis)),
            cover,
        };
        self.inline.push(Inline { kind, marks, depth: self.frames.len(), concepts });
    }

    /// Closes the innermost inline element.
    pub(super) fn close_inline(&mut self) {
        if let Some(Inline { kind: Some(kind), .. }) = self.inline.pop() {
            self.close_span(&kind);
        }
    }

    /// Notes a picture.
    pub(super) fn image(&mut self) {
        self.images += 1;
    }

    /// A line break: the block ends, the paragraph goes on unless another break follows.
    pub(super) fn line_break(&mut self) {
        self.elements += 1;
        self.end_block();
        self.current.breaks = self.current.breaks.saturating_add(1);
    }

    /// Bytes of text so far.
    pub(super) fn text_length(&self) -> u32 {
        self.page.text.len() as u32
    }

    fn is_empty(&self) -> bool {
        self.page.text.len() as u32 == self.current.start
    }

    fn close_span(&mut self, kind: &SpanKind) {
        let end = self.page.text.len() as u32;
        let first = self.current.first_span as usize;
        let open = self.page.spans[first..].iter_mut().rev().find(|s| s.text.end == NONE && s.kind == *kind);
        if let Some(span) = open {
            span.text.end = end;
        }
    }

    /// Adds text. `preformatted` keeps white space as it stands.
    pub(super) fn push_text(&mut self, text: &str, preformatted: bool) {
        if self.page.blocks.len() >= self.max_blocks {
            self.met_blocks |= !text.trim().is_empty();
            return;
        }
        let mut marks = self.inline.last().map_or_else(Marks::default, |inline| inline.marks);
        if self.inline.last().is_some_and(|inline| inline.depth < self.frames.len()) {
            // An element inside an inline one knows itself how it is covered.
            marks.cover = Cover::Shown;
        }
        if marks.cover >= Cover::Waiting && self.frame_cover() < Cover::Waiting {
            self.aside_cover = self.aside_cover.max(marks.cover);
            self.aside.push((text.to_owned(), marks.link));
            return;
        }
        self.push_chars(text, preformatted, marks);
    }

    fn push_chars(&mut self, text: &str, preformatted: bool, marks: Marks) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let mut taken = c.len_utf8();
            match chars::class(c) {
                Class::Invisible => self.current.stats.widthless += u32::from(chars::is_widthless(c)),
                Class::Space if preformatted && !self.is_empty() => self.push_blank(c),
                Class::Space => taken = self.push_space(rest),
                Class::Letter | Class::Digit | Class::Joiner if c.is_ascii() => {
                    taken = self.push_words(rest, marks);
                }
                class => self.push_char(c, class, marks),
            }
            rest = &rest[taken..];
        }
    }

    /// Notes the white space that a text begins with; returns its length.
    fn push_space(&mut self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let length = bytes.iter().position(|&byte| chars::ascii(byte) != Some(Class::Space));
        let run = &bytes[..length.unwrap_or(bytes.len())];
        self.end_word();
        self.current.space = true;
        if run == b" " {
            return 1;
        }
        if run.is_empty() {
            let wide = text.chars().next();
            self.current.gap |= wide.is_some_and(chars::is_wide_space);
            return wide.map_or(0, char::len_utf8);
        }
        let is_wide = || run.contains(&b'\t') || run.windows(2).any(|two| two == b"  ");
        self.current.gap = self.current.gap || is_wide();
        run.len()
    }

    /// Adds the words of ASCII that a text begins with, with single blanks between them; returns their length.
    fn push_words(&mut self, text: &str, marks: Marks) -> usize {
        let bytes = text.as_bytes();
        let is_word = |at: usize| bytes.get(at).is_some_and(|&byte| chars::is_word_byte(byte));
        self.open_text();
        let (mut end, mut blanks) = (0, 0);
        loop {
            let start = end;
            while is_word(end) {
                end += 1;
            }
            self.grow_word(bytes[start].is_ascii_uppercase(), (end - start) as u32, marks);
            if bytes.get(end) != Some(&b' ') || !is_word(end + 1) {
                break;
            }
            self.end_word();
            end += 1;
            blanks += 1;
        }
        self.page.text.push_str(&text[..end]);
        self.count_chars(end as u32 - blanks, marks);
        self.current.stats.digits += chars::count_bytes(&bytes[..end], |byte| byte.is_ascii_digit()) as u32;
        self.current.last = chars::ascii(bytes[end - 1]);
        end
    }

    fn push_blank(&mut self, c: char) {
        self.end_word();
        self.page.text.push(if c == '\r' { '\n' } else { c });
    }

    fn push_char(&mut self, c: char, class: Class, marks: Marks) {
        self.open_text();
        self.page.text.push(c);
        self.count_chars(1, marks);
        self.current.last = Some(class);
        if class == Class::Letter || class == Class::Digit || class == Class::Joiner {
            self.grow_word(c.is_uppercase(), 1, marks);
            self.current.stats.digits += u32::from(class == Class::Digit);
            return;
        }
        let stats = &mut self.current.stats;
        match class {
            Class::Cjk => {
                stats.cjk += 1;
                stats.words += 1;
                stats.link_words += u32::from(marks.link);
                stats.function_chars += u32::from(chars::is_function_char(c));
            }
            Class::Comma => stats.commas += 1,
            Class::SentenceEnd => stats.sentence_ends += 1,
            _ => {
                stats.symbols += 1;
                stats.signs = stats.signs.with(c);
            }
        }
        self.end_word();
    }

    /// Writes the white space that came before the text that follows.
    fn open_text(&mut self) {
        let current = &mut self.current;
        if std::mem::take(&mut current.space) && self.page.text.len() as u32 > current.start {
            if current.gap {
                self.page.gaps.push(self.page.text.len() as u32);
            }
            self.page.text.push(' ');
        }
        current.gap = false;
        if !self.page.text.ends_with(' ') {
            return;
        }
        // A span that opened before the white space starts at the text.
        let at = self.page.text.len() as u32;
        let first = (current.first_span as usize).min(self.page.spans.len());
        for span in self.page.spans[first..].iter_mut().rev().take_while(|s| s.text.end == NONE) {
            if span.text.start + 1 == at {
                span.text.start = at;
            }
        }
    }

    fn count_chars(&mut self, count: u32, marks: Marks) {
        self.current.hidden_chars += if marks.cover.hides() { count } else { 0 };
        let stats = &mut self.current.stats;
        stats.chars += count;
        stats.link_chars += if marks.link { count } else { 0 };
        stats.bold_chars += if marks.bold { count } else { 0 };
    }

    fn grow_word(&mut self, capital: bool, letters: u32, marks: Marks) {
        let (word, stats) = (&mut self.current.word, &mut self.current.stats);
        if !word.open {
            (word.open, word.capital) = (true, capital);
            stats.words += 1;
            stats.link_words += u32::from(marks.link);
        }
        word.letters += letters;
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.current.word);
        if word.open {
            self.current.stats.capitalised += u32::from(word.capital);
            self.current.stats.short_words += u32::from(word.letters <= 3);
        }
    }

    /// How the innermost element that is not inline is covered.
    fn frame_cover(&self) -> Cover {
        self.frames.last().map_or(Cover::Shown, |frame| frame.cover)
    }

    /// Ends the block, if it has text, and puts what was hidden inside it into a block of its own.
    pub(super) fn end_block(&mut self) {
        self.end_seen_block();
        if !self.aside.is_empty() {
            self.end_aside();
        }
    }

    fn end_aside(&mut self) {
        // Inline elements that are open go on behind the hidden text.
        let open = self.page.spans.split_off(self.current.first_span as usize);
        let start = self.page.text.len() as u32;
        let fresh = Current {
            start,
            first_span: self.page.spans.len() as u32,
            cover: std::mem::take(&mut self.aside_cover),
            ..Current::default()
        };
        let outer = std::mem::replace(&mut self.current, fresh);
        for (text, link) in std::mem::take(&mut self.aside) {
            self.push_chars(&text, false, Marks { link, bold: false, cover: Cover::Shown });
        }
        self.end_word();
        if self.current.stats.chars > 0 {
            let layout = self.top().layout;
            if let Role::Item(_) = layout.role {
                self.top().layout.role = Role::Paragraph;
            }
            self.push_block();
            self.top().layout = layout;
        }
        let at = self.page.text.len() as u32;
        self.current = Current { start: at, first_span: self.page.spans.len() as u32, ..outer };
        self.page.spans.extend(open.into_iter().map(|mut span| {
            span.text = at..if span.text.end == NONE { NONE } else { at };
            span
        }));
    }

    fn end_seen_block(&mut self) {
        if self.is_empty() {
            self.current.space = false;
            self.current.gap = false;
            // Empty elements that were open go on in the next block.
            return;
        }
        self.end_word();
        self.trim();
        self.finish_spans(self.current.first_span as usize);
        self.push_block();
        let outer = self.inline.len().saturating_sub(MAX_INLINE);
        let concepts = self.inline.iter().fold(Concepts::default(), |all, i| all.union(i.concepts));
        self.current = Current {
            start: self.page.text.len() as u32,
            first_span: self.page.spans.len() as u32,
            concepts,
            ..Current::default()
        };
        for inline in &self.inline[outer..] {
            open_span(&mut self.page, inline.kind.as_ref());
        }
    }

    /// Removes white space at the end of preformatted text.
    fn trim(&mut self) {
        let start = self.current.start as usize;
        let end = start + self.page.text[start..].trim_end().len();
        self.page.text.truncate(end);
    }

    /// Closes spans at the end of the block and drops those without text.
    fn finish_spans(&mut self, first: usize) {
        let end = self.page.text.len() as u32;
        let spans = &mut self.page.spans;
        // Only this block's spans: a page has as many of them as it likes.
        let mut kept = first;
        for index in first..spans.len() {
            let span = &mut spans[index];
            span.text.end = span.text.end.min(end);
            if span.text.start < span.text.end {
                spans.swap(kept, index);
                kept += 1;
            }
        }
        spans.truncate(kept);
    }

    fn push_block(&mut self) {
        self.materialise();
        let continues = self.current.breaks == 1;
        let frame = self.frames.last_mut().expect("the root stays open until the page is finished");
        let mut layout = frame.layout;
        // Only the first block of an item carries its mark.
        if let Role::Item(_) = frame.layout.role {
            frame.layout.role = Role::Paragraph;
        }
        layout.continues = continues && layout.role == Role::Paragraph;
        let current = &mut self.current;
        current.stats.ends_sentence = ends_sentence(&self.page.text[current.start as usize..], current.last);
        let mut cover = frame.cover.max(current.cover);
        if !cover.hides() && current.hidden_chars * 2 > current.stats.chars {
            cover = Cover::Unspoken;
        }
        self.page.blocks.push(Block {
            text: current.start..self.page.text.len() as u32,
            layout,
            hidden: cover.hides(),
            cover,
            spans: current.first_span..self.page.spans.len() as u32,
            container: frame.container,
            within: frame.within,
            concepts: frame.concepts.union(current.concepts),
            stats: current.stats,
        });
        self.page.text.push('\n');
    }

    /// Gives every open element a container: it holds text now.
    fn materialise(&mut self) {
        let blocks = self.page.blocks.len() as u32;
        for depth in self.materialised..self.frames.len() {
            let parent = if depth == 0 { NONE } else { self.frames[depth - 1].container };
            let frame = &mut self.frames[depth];
            frame.container = self.page.containers.len() as u32;
            self.page.containers.push(Container {
                parent,
                tag: frame.tag,
                depth: depth as u16,
                blocks: blocks..blocks,
                elements: 0,
                images: 0,
                signature: frame.signature,
                kin: frame.kin,
                cover: frame.cover,
                discloses: frame.discloses,
                concepts: frame.own,
            });
        }
        self.materialised = self.frames.len();
    }
}

fn open_span(page: &mut Page, kind: Option<&SpanKind>) {
    if let Some(kind) = kind {
        let at = page.text.len() as u32;
        page.spans.push(Span { text: at..NONE, kind: kind.clone() });
    }
}

/// What holds for a piece of text because of the inline elements around it.
#[derive(Clone, Copy, Default)]
struct Marks {
    link: bool,
    bold: bool,
    cover: Cover,
}

/// Whether a block ends like a sentence, also behind closing quotes and brackets.
fn ends_sentence(text: &str, last: Option<Class>) -> bool {
    match last {
        Some(Class::SentenceEnd) => true,
        Some(Class::Symbol | Class::Joiner) => {
            let inner = text
                .trim_end_matches(['"', '”', '’', '\'', ')', '）', '」', '』', '»', ']', '】', '：', ':']);
            let colon = text.ends_with([':', '：']);
            colon || inner.chars().next_back().is_some_and(|c| chars::class(c) == Class::SentenceEnd)
        }
        _ => false,
    }
}
