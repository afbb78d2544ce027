//! Blocks to numbers.

use crate::page::Page;

/// One row a block.
pub(crate) struct Features {}

/// The features of all blocks.
pub(crate) fn of(_page: &Page) -> Features {
    Features {}
}
