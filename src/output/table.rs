//! What the columns of a kind of row are, for formats that must know it before the first row.
//!
//! Rows are written once, as JSON objects, on whatever thread made them. JSON lines take them as they are; Parquet
//! takes the fields that a [`Table`] names. A row may lack a field or have `null`; what has another type than its
//! column is `null` in Parquet.

/// A kind of row.
#[derive(Debug)]
#[cfg_attr(not(feature = "formats"), expect(dead_code, reason = "only Parquet asks for columns"))]
pub(crate) struct Table {
    /// The name of the schema.
    pub(crate) name: &'static str,
    /// The columns, in order.
    pub(crate) columns: &'static [Column],
}

/// A column.
#[derive(Debug)]
#[cfg_attr(not(feature = "formats"), expect(dead_code, reason = "only Parquet asks for columns"))]
pub(crate) struct Column {
    /// The name of the field.
    pub(crate) name: &'static str,
    pub(crate) kind: ColumnKind,
}

/// What a column holds. Every value may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// A string.
    Text,
    /// An integer of 64 bits.
    Integer,
    /// A floating-point number of 64 bits.
    Real,
    /// True or false.
    Flag,
    /// A list of strings.
    Texts,
    /// An object of integers.
    Counts,
    /// Anything else, as JSON in a string.
    Json,
}

impl Column {
    pub(crate) const fn new(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind }
    }
}
