//! The `InvalidationBatch` of a request: parses its structure, then validates its contents.

use crate::emulator::error::ApiError;
use crate::emulator::item::Item;
use crate::emulator::xml::Element;

/// A batch that has passed validation.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) caller_reference: String,
    pub(crate) items: Vec<Item>,
}

/// The batch of a request as sent, valid or not.
#[derive(Debug, Default)]
pub(crate) struct RawBatch {
    pub(crate) caller_reference: String,
    quantity: i64,
    pub(crate) items: Vec<String>,
}

impl RawBatch {
    /// Parses only the structure: a document with the required members, in any order.
    pub(crate) fn read(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            return Err(ApiError::MISSING_BODY);
        }
        let root = Element::parse(body).map_err(|_| ApiError::MALFORMED_XML)?;
        if root.name != "InvalidationBatch" {
            return Err(ApiError::missing_member("invalidationBatch"));
        }
        let paths = member(&root, "Paths", "invalidationBatch.paths")?;
        let quantity = member(paths, "Quantity", "invalidationBatch.paths.quantity")?
            .text
            .trim()
            .parse();
        let items = paths
            .child("Items")
            .map(|items| items.children.iter().filter(|item| item.name == "Path"));
        let reference = member(&root, "CallerReference", "invalidationBatch.callerReference")?;
        Ok(Self {
            caller_reference: reference.text.clone(),
            quantity: quantity.map_err(|_| ApiError::MALFORMED_XML)?,
            items: items.into_iter().flatten().map(|item| item.text.clone()).collect(),
        })
    }
}

impl Batch {
    pub(crate) fn read(body: &[u8], limit: Option<usize>) -> Result<Self, ApiError> {
        let raw = RawBatch::read(body)?;
        if usize::try_from(raw.quantity) != Ok(raw.items.len()) {
            return Err(ApiError::INCONSISTENT_QUANTITIES);
        }
        if limit.is_some_and(|limit| raw.items.len() > limit) {
            return Err(ApiError::BATCH_TOO_LARGE);
        }
        if raw.items.is_empty() || raw.caller_reference.is_empty() {
            return Err(ApiError::invalid_argument(
                "Your request contains an empty invalidation batch or caller reference.",
            ));
        }
        let items: Option<Vec<Item>> = raw.items.iter().map(|text| Item::parse(text)).collect();
        let items = items.ok_or(ApiError::INVALID_PATHS)?;
        Ok(Self {
            caller_reference: raw.caller_reference,
            items,
        })
    }
}

fn member<'a>(parent: &'a Element, name: &str, path: &str) -> Result<&'a Element, ApiError> {
    parent.child(name).ok_or_else(|| ApiError::missing_member(path))
}
