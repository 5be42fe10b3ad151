//! The requests of a review as JSON, one document each. Lines are generated only while they are visible.

use crate::app::overlay::review::Review;
use crate::domain::batch::Batch;
use crate::domain::distribution::Target;

/// The number of lines before the items.
const BEFORE: usize = 6;
/// The number of lines after the items.
const AFTER: usize = 5;

/// Returns the total number of lines.
pub(super) fn len(review: &Review) -> usize {
    review.batches.iter().map(lines).sum()
}

fn lines(batch: &Batch) -> usize {
    BEFORE + batch.items().len() + AFTER
}

/// Returns the line with this number, counted from 0, or an empty line beyond the end.
pub(super) fn line(review: &Review, number: usize) -> String {
    let mut number = number;
    for batch in &review.batches {
        if number < lines(batch) {
            return line_of(review, batch.items(), number);
        }
        number -= lines(batch);
    }
    String::new()
}

fn line_of(review: &Review, items: &[String], number: usize) -> String {
    match number {
        0 => "{".to_owned(),
        1 => target(review),
        2 => r#"  "InvalidationBatch": {"#.to_owned(),
        3 => r#"    "Paths": {"#.to_owned(),
        4 => format!(r#"      "Quantity": {},"#, items.len()),
        5 => r#"      "Items": ["#.to_owned(),
        _ => item(items, number - BEFORE).unwrap_or_else(|| after(number - BEFORE - items.len())),
    }
}

/// Names the first target and counts the others, whose requests are otherwise identical.
fn target(review: &Review) -> String {
    let others = review.targets.len().saturating_sub(1);
    let more = if others > 0 {
        format!("   and the same for {others} more")
    } else {
        String::new()
    };
    match review.targets.first() {
        Some((Target::Distribution(id), _)) => format!(r#"  "DistributionId": {},{more}"#, quoted(id.as_str())),
        Some((Target::Tenant(id), _)) => format!(r#"  "Id": {},{more}"#, quoted(id.as_str())),
        None => String::new(),
    }
}

fn item(items: &[String], place: usize) -> Option<String> {
    let comma = if place + 1 < items.len() { "," } else { "" };
    items.get(place).map(|item| format!("        {}{comma}", quoted(item)))
}

/// Returns a line after the items. The caller reference is generated only when the user submits.
fn after(number: usize) -> String {
    match number {
        0 => "      ]".to_owned(),
        1 => "    },".to_owned(),
        2 => r#"    "CallerReference": "(created when you submit)""#.to_owned(),
        3 => "  }".to_owned(),
        4 => "}".to_owned(),
        _ => String::new(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;
    use crate::app::overlay::review::CacheTags;
    use crate::app::overlay::review::Review;
    use crate::domain::batch::Batch;
    use crate::domain::submission::Scope;
    use crate::engine::drafts::state::Draft;

    fn review(items: &[&str]) -> Review {
        let batch = Batch::new(items.iter().map(ToString::to_string).collect()).unwrap();
        Review {
            scope: Scope {
                account: None,
                endpoint: "CloudFront".to_owned(),
                profile: "default".to_owned(),
            },
            targets: vec![(Target::from_id("E1"), "www".to_owned())],
            batches: vec![batch.clone()],
            batch,
            items: Vec::new(),
            left_out: Vec::new(),
            confirmation: None,
            note: None,
            noting: None,
            draft: Draft::default(),
            tags: CacheTags::default(),
            when_deployed: false,
        }
    }

    #[test]
    fn the_lines_are_the_document() {
        let review = review(&["/a\"b", "/*"]);
        let text: Vec<_> = (0..len(&review)).map(|number| line(&review, number)).collect();
        let read: serde_json::Value = serde_json::from_str(&text.join("\n")).unwrap();
        let expected = serde_json::json!({
            "DistributionId": "E1",
            "InvalidationBatch": {
                "Paths": { "Quantity": 2, "Items": ["/a\"b", "/*"] },
                "CallerReference": "(created when you submit)",
            },
        });
        assert_eq!(read, expected);
        assert_eq!(line(&review, len(&review)), "");
    }

    #[test]
    fn each_request_is_a_document_of_its_own() {
        let mut review = review(&["/a"]);
        review
            .batches
            .push(Batch::new(vec!["/b".to_owned(), "/c".to_owned()]).unwrap());
        let text: Vec<_> = (0..len(&review)).map(|number| line(&review, number)).collect();
        let text = text.join("\n");
        let documents = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
        let quantities: Vec<_> = documents
            .map(|document| document.unwrap()["InvalidationBatch"]["Paths"]["Quantity"].clone())
            .collect();
        assert_eq!(quantities, [1, 2]);
    }
}
