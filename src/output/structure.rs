//! How the kept blocks lie to each other: which starts an item, which is a cell of a table that holds data, how far
//! one is from the next. Plain text and Markdown both follow it.
//!
//! Built in one pass over the containers and one over the blocks. It looks at the elements and not at the blocks'
//! own roles wherever both know, since an item or a cell may hold headings, paragraphs and code.

use std::ops::Range;

use crate::page::{Block, Cleaned, Media, NONE, Role, Verdict};
use crate::parse::Tag;

/// How many lists and quotes around a block are shown; deeper ones look like the last. It keeps the output linear in
/// the page however deep that nests.
const MAX_LEVELS: u8 = 12;

/// A table with more columns is laid out as paragraphs.
const MAX_COLUMNS: u16 = 64;

/// A table whose cells are longer than this on average, in characters, holds the layout of a page and no data.
const MAX_CELL: usize = 300;

/// A kept block and its place.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    pub(super) block: &'a Block,
    pub(super) verdict: &'a Verdict,
    /// The index of the kept block before it.
    pub(super) previous: Option<u32>,
    /// What parts it from the kept block before it.
    pub(super) gap: Gap,
    /// Its list or quote level, for [`Structure::levels`].
    pub(super) level: u32,
    /// Its cell, if it is part of a table of data.
    pub(super) cell: Option<Cell>,
    /// Whether it goes on in the preformatted text of the block before it.
    pub(super) same_pre: bool,
}

/// What parts two blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// They share a cell.
    Space,
    /// They are cells of one row.
    Column,
    /// The second starts a row of the same table.
    Row,
    /// The second is a line of the same paragraph.
    Line,
    /// The second starts an item next to or below the first.
    Item,
    /// They are paragraphs of their own.
    Paragraph,
}

/// A cell of a table of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// The container of its table.
    pub(super) table: u32,
    pub(super) column: u16,
    pub(super) header: bool,
}

/// What stands around blocks and is shown before their lines: an item or a quote.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// The level around it, [`NONE`] for none.
    pub(super) parent: u32,
    pub(super) kind: LevelKind,
    /// The blocks in it.
    pub(super) blocks: Range<u32>,
    depth: u8,
}

/// Kinds of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LevelKind {
    Quote,
    /// An item, with its number or 0.
    Item(u32),
    /// What belongs to an item that stands before it: the description of a term.
    Indented,
}

/// What a container inherits from those around it.
#[derive(Clone, Copy, Debug)]
struct Around {
    table: u32,
    row: u32,
    cell: u32,
    list: u32,
    /// The list around that list.
    outer_list: u32,
    item: u32,
    pre: u32,
    level: u32,
}

const NOTHING: Around = Around {
    table: NONE,
    row: NONE,
    cell: NONE,
    list: NONE,
    outer_list: NONE,
    item: NONE,
    pre: NONE,
    level: NONE,
};

/// The places of a page's kept blocks.
pub(super) struct Structure<'a> {
    cleaned: &'a Cleaned,
    around: Vec<Around>,
    pub(super) levels: Vec<Level>,
    /// By container: whether it is a table of data.
    is_data: Vec<bool>,
}

impl<'a> Structure<'a> {
    pub(super) fn new(cleaned: &'a Cleaned) -> Self {
        let mut structure = Self {
            cleaned,
            around: Vec::with_capacity(cleaned.page.containers.len()),
            levels: Vec::new(),
            is_data: Vec::new(),
        };
        structure.look_around();
        structure.number_items();
        structure.find_data();
        structure
    }

    /// The kept blocks in reading order.
    pub(super) fn places(&self) -> impl Iterator<Item = Place<'a>> + '_ {
        let mut previous: Option<(u32, &Block)> = None;
        self.kept().map(move |(index, block)| {
            let around = self.around(block);
            let gap = previous.map_or(Gap::Paragraph, |previous| self.gap(previous, (index, block)));
            let same_pre = gap == Gap::Line && around.pre != NONE;
            let before = previous.replace((index, block)).map(|(index, _)| index);
            let (level, cell) = (around.level, self.cell(block));
            let verdict = &self.cleaned.verdicts[index as usize];
            Place { block, verdict, previous: before, gap, level, cell, same_pre }
        })
    }

    fn kept(&self) -> impl Iterator<Item = (u32, &'a Block)> + use<'a> {
        let judged = (0..).zip(self.cleaned.judged());
        judged.filter(|(_, (_, verdict))| verdict.keep).map(|(index, (block, _))| (index, block))
    }

    fn around(&self, block: &Block) -> Around {
        self.around.get(block.container as usize).copied().unwrap_or(NOTHING)
    }

    /// Passes down what stands around each container; parents come before their children.
    fn look_around(&mut self) {
        for (id, container) in (0..).zip(&self.cleaned.page.containers) {
            let mut around = self.around.get(container.parent as usize).copied().unwrap_or(NOTHING);
            match container.tag {
                Tag::Table => around = Around { table: id, row: NONE, cell: NONE, ..around },
                Tag::Tr => around.row = id,
                Tag::Td | Tag::Th => around.cell = id,
                Tag::Ul | Tag::Ol | Tag::Dl => {
                    around.outer_list = around.list;
                    around.list = id;
                }
                Tag::Pre => around.pre = id,
                _ => {}
            }
            let kind = match container.tag {
                Tag::Blockquote => Some(LevelKind::Quote),
                Tag::Li | Tag::Dt => Some(LevelKind::Item(0)),
                Tag::Dd => Some(LevelKind::Indented),
                _ => None,
            };
            if let Some(kind) = kind {
                if kind != LevelKind::Quote {
                    around.item = id;
                }
                around.level = self.open_level(around.level, kind, container.blocks.clone());
            }
            self.around.push(around);
        }
    }

    fn open_level(&mut self, parent: u32, kind: LevelKind, blocks: Range<u32>) -> u32 {
        let depth = self.levels.get(parent as usize).map_or(0, |level| level.depth + 1);
        if depth >= MAX_LEVELS {
            return parent;
        }
        self.levels.push(Level { parent, kind, blocks, depth });
        self.levels.len() as u32 - 1
    }

    /// Gives items of numbered lists their numbers. An item whose first block is no plain text, a heading for one,
    /// does not know its own and counts on from the one before.
    fn number_items(&mut self) {
        let containers = &self.cleaned.page.containers;
        let mut next = vec![1_u32; containers.len()];
        let mut done = NONE;
        for (_, block) in self.kept() {
            let around = self.around(block);
            let numbered = containers.get(around.list as usize).is_some_and(|list| list.tag == Tag::Ol);
            let Some(level) = self.levels.get_mut(around.level as usize).filter(|_| numbered) else {
                continue;
            };
            if around.item == done || level.kind != LevelKind::Item(0) {
                continue;
            }
            done = around.item;
            let number = match block.layout.role {
                Role::Item(number) if number > 0 => number,
                _ => next[around.list as usize],
            };
            // CommonMark reads no more than nine digits.
            level.kind = LevelKind::Item(number.min(999_999_999));
            next[around.list as usize] = number.saturating_add(1);
        }
    }

    /// Tells tables of data from those that lay out a page: data stands in short cells of plain text, at least two
    /// in a row, with no table inside.
    fn find_data(&mut self) {
        let containers = &self.cleaned.page.containers;
        let mut tables = vec![Table::default(); containers.len()];
        for (id, container) in containers.iter().enumerate() {
            if container.tag == Tag::Table && container.parent != NONE {
                let outer = self.around[container.parent as usize].table;
                if let Some(outer) = tables.get_mut(outer as usize) {
                    outer.is_layout |= self.around[id].table == id as u32;
                }
            }
        }
        let mut last_cell = NONE;
        for (_, block) in self.kept() {
            let around = self.around(block);
            let Some(table) = tables.get_mut(around.table as usize) else { continue };
            // A caption stands beside the rows.
            if around.cell == NONE {
                continue;
            }
            table.chars += block.stats.length() as usize;
            if last_cell != around.cell {
                table.cells += 1;
                last_cell = around.cell;
            }
            match block.layout.role {
                Role::Cell { column, .. } if column < MAX_COLUMNS => table.has_columns |= column > 0,
                _ => table.is_layout = true,
            }
        }
        self.is_data = tables.iter().map(Table::is_data).collect();
    }

    fn cell(&self, block: &Block) -> Option<Cell> {
        let around = self.around(block);
        let is_data =
            around.cell != NONE && self.is_data.get(around.table as usize).copied().unwrap_or(false);
        match block.layout.role {
            Role::Cell { column, header, .. } if is_data => {
                Some(Cell { table: around.table, column, header })
            }
            _ => None,
        }
    }

    fn gap(&self, (before, first): (u32, &Block), (_, second): (u32, &Block)) -> Gap {
        let (a, b) = (self.around(first), self.around(second));
        if let (Some(left), Some(right)) = (self.cell(first), self.cell(second))
            && left.table == right.table
        {
            return match () {
                () if a.cell == b.cell => Gap::Space,
                () if a.row == b.row && left.column < right.column => Gap::Column,
                () => Gap::Row,
            };
        }
        if b.pre != NONE && a.pre == b.pre {
            return Gap::Line;
        }
        let holds = |container: u32, block: u32| {
            self.cleaned.page.containers.get(container as usize).is_some_and(|c| c.blocks.contains(&block))
        };
        if b.item != NONE && !holds(b.item, before) && (holds(b.list, before) || holds(b.outer_list, before))
        {
            return Gap::Item;
        }
        let is_text = self.cleaned.page.media == Some(Media::Text);
        if first.container == second.container && (second.layout.continues || is_text) {
            return Gap::Line;
        }
        Gap::Paragraph
    }
}

/// What a table's kept blocks are like.
#[derive(Clone, Debug, Default)]
struct Table {
    cells: usize,
    chars: usize,
    has_columns: bool,
    is_layout: bool,
}

impl Table {
    fn is_data(&self) -> bool {
        self.has_columns && !self.is_layout && self.chars <= self.cells * MAX_CELL
    }
}
