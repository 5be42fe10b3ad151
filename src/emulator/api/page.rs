//! Pages of a list, with `Marker`, `MaxItems` and `NextMarker`, the id of the last item on the page.

use crate::emulator::error::ApiError;
use crate::emulator::message::Request;
use crate::emulator::xml::Writer;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<'a, T> {
    pub(crate) items: Vec<&'a T>,
    marker: String,
    max_items: usize,
    /// The id of the last item on the page; `None` on the last page.
    pub(crate) next_marker: Option<String>,
}

/// Returns the page of `all` that a request's query string asks for.
pub(crate) fn requested<'a, T>(
    all: impl Iterator<Item = &'a T>,
    id: impl Fn(&T) -> &str,
    request: &Request,
    limit: usize,
) -> Result<Page<'a, T>, ApiError> {
    let (marker, max_items) = (request.parameter("Marker"), request.parameter("MaxItems"));
    page(all, id, marker.as_deref(), max_items.as_deref(), limit)
}

/// Returns the page of `all` after `marker`. Refuses a marker that is not in the list and a size that is not a positive
/// number. Reduces a size above `limit` to `limit`.
pub(crate) fn page<'a, T>(
    all: impl Iterator<Item = &'a T>,
    id: impl Fn(&T) -> &str,
    marker: Option<&str>,
    max_items: Option<&str>,
    limit: usize,
) -> Result<Page<'a, T>, ApiError> {
    let marker = marker.unwrap_or_default();
    let max_items = size(max_items, limit)?;
    let mut rest = all.peekable();
    if !marker.is_empty() && !rest.by_ref().any(|item| id(item) == marker) {
        return Err(ApiError::invalid_argument("The parameter Marker is not valid."));
    }
    let items: Vec<&T> = rest.by_ref().take(max_items).collect();
    let more = rest.peek().is_some();
    let next_marker = items.last().filter(|_| more).map(|last| id(last).to_owned());
    Ok(Page {
        items,
        marker: marker.to_owned(),
        max_items,
        next_marker,
    })
}

fn size(max_items: Option<&str>, limit: usize) -> Result<usize, ApiError> {
    let Some(text) = max_items.filter(|text| !text.is_empty()) else {
        return Ok(limit);
    };
    match text.parse::<i32>() {
        Ok(number) if number > 0 => Ok(usize::try_from(number).unwrap_or(limit).min(limit)),
        _ => Err(ApiError::invalid_argument("The parameter MaxItems is not valid.")),
    }
}

impl<T> Page<'_, T> {
    /// Writes the body of a `…List` document.
    pub(crate) fn write(&self, xml: &mut Writer, mut each: impl FnMut(&mut Writer, &T)) {
        xml.leaf("Marker", &self.marker);
        if let Some(next) = &self.next_marker {
            xml.leaf("NextMarker", next);
        }
        xml.leaf("MaxItems", self.max_items);
        xml.leaf("IsTruncated", self.next_marker.is_some());
        xml.items(&self.items, |xml, item| each(xml, item));
    }
}
