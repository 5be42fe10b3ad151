//! An earlier invalidation's items.

use super::basket::{Basket, Import};
use super::origin::At;

/// The items of an invalidation as they were sent, in the order that CloudFront tells.
#[must_use]
pub fn invalidation(id: &str, items: &[String]) -> Import {
    let mut basket = Basket::new(&format!("invalidation {id}"));
    for item in items {
        basket.put(item.as_str(), At::Somewhere);
    }
    basket.finish()
}
