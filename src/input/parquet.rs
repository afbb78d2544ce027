//! Parquet to records: a row for each page, row group after row group.
//!
//! Only the columns that matter are read, a few rows of each at a time. Needs a file: the index stands at its end.

use std::fs::File;
use std::io;

use parquet::basic::Type;
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::schema::types::SchemaDescriptor;

use super::Entry;
use super::many::{Emit, Source};
use super::reading::{Role, from_base64};
use crate::error::Error;

/// Rows that are read at once: a page can have megabytes.
const ROWS: usize = 16;

/// Reads all rows.
pub(super) fn read(source: &Source, file: File, emit: &mut Emit<'_>) {
    // The index ends eight bytes before the file does; they tell how long it is.
    let end = file.metadata().map_or(0, |file| file.len()).saturating_sub(8);
    let opened = SerializedFileReader::new(file).map_err(|error| failed(source, &error, "the index", end));
    let reader = match opened {
        Ok(reader) => reader,
        Err(error) => {
            emit(Err(error));
            return;
        }
    };
    let columns = match Columns::find(source, reader.metadata().file_metadata().schema_descr()) {
        Ok(columns) => columns,
        Err(error) => {
            emit(Err(error));
            return;
        }
    };
    let mut first = 1;
    for index in 0..reader.num_row_groups() {
        let rows = reader.metadata().row_group(index).num_rows().max(0) as u64;
        let place = format!("row group {}", index + 1);
        let read = reader.get_row_group(index).and_then(|group| columns.group(source, &*group, first, emit));
        match read {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let at = columns.place(reader.metadata().row_group(index));
                if !emit(Err(failed(source, &error, &place, at))) {
                    return;
                }
            }
        }
        source.progress.add(reader.metadata().row_group(index).compressed_size().max(0) as u64);
        first += rows;
    }
}

fn failed(source: &Source, error: &ParquetError, place: &str, at: u64) -> Error {
    let reason = format!("{place} of the Parquet file is broken: {error}");
    Error::Read {
        path: source.path.clone(),
        offset: Some(at),
        source: io::Error::new(io::ErrorKind::InvalidData, reason),
    }
}

/// Where the fields that matter are.
struct Columns {
    content: usize,
    base64: bool,
    url: Option<usize>,
    id: Option<usize>,
}

impl Columns {
    fn find(source: &Source, schema: &SchemaDescriptor) -> Result<Self, Error> {
        let mut found: Vec<(Role, usize)> = (0..schema.num_columns())
            .filter(|index| schema.column(*index).max_rep_level() == 0)
            .filter_map(|index| Some((source.reading.role(&schema.column(index).path().string())?, index)))
            .filter(|(role, index)| can_be(*role, schema.column(*index).physical_type()))
            .collect();
        found.sort_unstable();
        let content = found.iter().find_map(|(role, index)| match role {
            Role::Content { base64, .. } => Some((*index, *base64)),
            _ => None,
        });
        let Some((content, base64)) = content else {
            let fields = source.reading.content_fields();
            return Err(Error::input(
                &source.path,
                format!("it has none of these columns with text: {fields}"),
            ));
        };
        let first =
            |wanted: fn(&Role) -> bool| found.iter().find(|(role, _)| wanted(role)).map(|(_, index)| *index);
        let url = first(|role| matches!(role, Role::Url { .. }));
        let id = first(|role| matches!(role, Role::Id { .. }));
        Ok(Self { content, base64, url, id })
    }

    /// Where a row group's pages begin in the file.
    fn place(&self, group: &RowGroupMetaData) -> u64 {
        let column = group.column(self.content);
        let first = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        first.max(0) as u64
    }

    /// Reads a row group; tells whether more is wanted.
    fn group(
        &self,
        source: &Source,
        group: &dyn RowGroupReader,
        first: u64,
        emit: &mut Emit<'_>,
    ) -> Result<bool, ParquetError> {
        let mut content = Column::open(group, self.content)?;
        let mut url = self.url.map(|index| Column::open(group, index)).transpose()?;
        let mut id = self.id.map(|index| Column::open(group, index)).transpose()?;
        let mut number = first;
        loop {
            let pages = content.next()?;
            let urls = url.as_mut().map(Column::next).transpose()?.unwrap_or_default();
            let ids = id.as_mut().map(Column::next).transpose()?.unwrap_or_default();
            if pages.is_empty() {
                return Ok(true);
            }
            for (index, page) in pages.into_iter().enumerate() {
                let text = |values: &[Option<Vec<u8>>]| {
                    values.get(index)?.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
                };
                let entry = self.entry(source, number, page, (text(&urls), text(&ids)));
                if !emit(entry) {
                    return Ok(false);
                }
                number += 1;
            }
        }
    }

    fn entry(
        &self,
        source: &Source,
        number: u64,
        page: Option<Vec<u8>>,
        (url, id): (Option<String>, Option<String>),
    ) -> Result<Entry, Error> {
        // A row without a page.
        let Some(mut bytes) = page else { return Ok(Entry::Skipped) };
        if self.base64 {
            bytes = from_base64(&bytes).map_err(|reason| Error::Read {
                path: source.path.clone(),
                offset: None,
                source: io::Error::new(io::ErrorKind::InvalidData, format!("row {number}: {reason}")),
            })?;
        }
        bytes.truncate(source.room());
        let mut record = source.record(number, id.as_deref(), bytes);
        record.url = url;
        Ok(Entry::Record(record))
    }
}

/// Whether a column of this type can have this role: a page and an address are text, a name may be a number.
fn can_be(role: Role, kind: Type) -> bool {
    match role {
        Role::Content { .. } | Role::Url { .. } => kind == Type::BYTE_ARRAY,
        Role::Id { .. } => matches!(kind, Type::BYTE_ARRAY | Type::INT32 | Type::INT64),
    }
}

/// A column that is read from the top.
struct Column {
    reader: ColumnReader,
    max_definition: i16,
}

impl Column {
    fn open(group: &dyn RowGroupReader, index: usize) -> Result<Self, ParquetError> {
        let max_definition = group.metadata().column(index).column_descr().max_def_level();
        Ok(Self { reader: group.get_column_reader(index)?, max_definition })
    }

    /// The next values; none at the end.
    fn next(&mut self) -> Result<Vec<Option<Vec<u8>>>, ParquetError> {
        let mut definitions = Vec::new();
        let is_optional = self.max_definition > 0;
        let levels = is_optional.then_some(&mut definitions);
        let (rows, values) = match &mut self.reader {
            ColumnReader::ByteArrayColumnReader(reader) => {
                let mut values: Vec<ByteArray> = Vec::new();
                let (rows, ..) = reader.read_records(ROWS, levels, None, &mut values)?;
                (rows, values.iter().map(|value| value.data().to_vec()).collect::<Vec<_>>())
            }
            ColumnReader::Int64ColumnReader(reader) => {
                let mut values = Vec::new();
                let (rows, ..) = reader.read_records(ROWS, levels, None, &mut values)?;
                (rows, values.iter().map(|value: &i64| value.to_string().into_bytes()).collect())
            }
            ColumnReader::Int32ColumnReader(reader) => {
                let mut values = Vec::new();
                let (rows, ..) = reader.read_records(ROWS, levels, None, &mut values)?;
                (rows, values.iter().map(|value: &i32| value.to_string().into_bytes()).collect())
            }
            _ => return Err(ParquetError::General("the column holds neither text nor numbers".to_owned())),
        };
        let mut values = values.into_iter();
        let has_value = |row: usize| !is_optional || definitions.get(row) == Some(&self.max_definition);
        Ok((0..rows).map(|row| if has_value(row) { values.next() } else { None }).collect())
    }
}
