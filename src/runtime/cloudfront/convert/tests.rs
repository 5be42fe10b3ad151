//! Tests of data that other servers omit or express differently. All other conversions are tested with the emulator.

use super::*;

type Test = Result<(), aws_sdk_cloudfront::error::BuildError>;

#[test]
fn a_page_ends_where_its_server_says_so_or_goes_round() {
    for (truncated, marker, asked, expected) in [
        (true, Some("I9"), None, Some("I9")),
        (true, Some("I9"), Some("I5"), Some("I9")),
        (true, Some("I9"), Some("I9"), None),
        (true, Some(""), None, None),
        (true, None, None, None),
        (false, Some("I9"), None, None),
    ] {
        assert_eq!(
            next(truncated, marker, asked).as_deref(),
            expected,
            "{truncated} {marker:?} {asked:?}"
        );
    }
}

#[test]
fn an_invalidation_without_an_id_is_none() -> Test {
    let made = |id: &str| {
        let time = aws_smithy_types::DateTime::from_millis(1_795_341_600_123);
        sdk::Invalidation::builder().id(id).status("").create_time(time).build()
    };
    assert_eq!(invalidation(&made("")?), None);
    let expected = Invalidation {
        id: InvalidationId::new("I1"),
        status: Status::new(""),
        create_time: DateTime::from_timestamp_millis(1_795_341_600_123).unwrap_or_default(),
        items: Vec::new(),
        caller_reference: String::new(),
    };
    assert_eq!(invalidation(&made("I1")?), Some(expected));
    Ok(())
}

#[test]
fn rows_without_an_id_are_left_out() -> Test {
    let time = aws_smithy_types::DateTime::from_secs(0);
    let row = |id: &str| {
        sdk::InvalidationSummary::builder()
            .id(id)
            .status("Completed")
            .create_time(time)
            .build()
    };
    let list = sdk::InvalidationList::builder()
        .marker("")
        .max_items(100)
        .is_truncated(false)
        .quantity(2);
    let list = list.items(row("")?).items(row("I1")?).build()?;
    let ids: Vec<_> = invalidations(&list, None)
        .items
        .iter()
        .map(|row| row.id.to_string())
        .collect();
    assert_eq!(ids, ["I1"]);
    Ok(())
}

#[test]
fn the_body_holds_the_batch_byte_for_byte() -> Test {
    let items = ["/caf%C3%A9", "#Tag", "/a?x=1&y=<2>", "/*"].map(str::to_owned).to_vec();
    let Some(batch) = Batch::new(items.clone()) else {
        unreachable!("there are items")
    };
    let Ok(body) = invalidation_batch(&batch, &CallerReference::new("r-1")) else {
        unreachable!("it is whole")
    };
    let paths = sdk::Paths::builder().quantity(4).set_items(Some(items)).build()?;
    assert_eq!(
        body,
        sdk::InvalidationBatch::builder()
            .paths(paths)
            .caller_reference("r-1")
            .build()?
    );
    Ok(())
}

#[test]
fn only_a_mode_that_is_known_makes_a_distribution_multi_tenant() {
    let modes = [Some("tenant-only"), Some("direct"), Some("something-new"), None];
    let modes = modes.map(|mode| connection_mode(mode.map(sdk::ConnectionMode::from).as_ref()));
    assert_eq!(
        modes.map(|mode| mode == ConnectionMode::TenantOnly),
        [true, false, false, false]
    );
}

#[test]
fn times_that_cannot_be_are_the_epoch() {
    assert_eq!(
        super::time(&aws_smithy_types::DateTime::from_secs(i64::MAX)),
        DateTime::UNIX_EPOCH
    );
}
