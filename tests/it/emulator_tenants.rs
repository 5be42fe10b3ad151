//! Distribution tenants: listed, found by name, and invalidated as separate targets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::emulator::{Request, TenantOnly};

use crate::emulator::{
    ACME, SHOP, STOREFRONTS, all, at, create, creation, get, one, plain, refused, reply, text, verdict,
};

#[test]
fn tenants_are_listed_in_pages_and_by_their_distribution() {
    let emulator = plain();
    let ask = |members: &str| {
        let body = format!("<ListDistributionTenantsRequest>{members}</ListDistributionTenantsRequest>");
        reply(emulator.handle(&Request::post("/2020-05-31/distribution-tenants", body), at(0)))
    };
    let whole = text(&ask(""));
    let ids = all(&whole, "Id");
    assert_eq!((ids.len(), all(&whole, "NextMarker").len()), (12, 0));
    let first = text(&ask("<MaxItems>3</MaxItems>"));
    assert_eq!(
        (all(&first, "Id"), one(&first, "NextMarker")),
        (ids[..3].to_vec(), ids[2].clone())
    );
    let rest = text(&ask(&format!("<MaxItems>100</MaxItems><Marker>{}</Marker>", ids[2])));
    assert_eq!(
        (all(&rest, "Id"), all(&rest, "NextMarker").len()),
        (ids[3..].to_vec(), 0)
    );
    let of = |id: &str| {
        ask(&format!(
            "<AssociationFilter><DistributionId>{id}</DistributionId></AssociationFilter>"
        ))
    };
    assert_eq!(all(&text(&of(STOREFRONTS)), "Id"), ids);
    assert_eq!(all(&text(&of(SHOP)), "Id"), Vec::<String>::new());
    let group = |id: &str| {
        all(
            &text(&ask(&format!(
                "<AssociationFilter><ConnectionGroupId>{id}</ConnectionGroupId></AssociationFilter>"
            ))),
            "Id",
        )
        .len()
    };
    assert_eq!([group(&one(&whole, "ConnectionGroupId")), group("cg_0")], [12, 0]);
    assert_eq!(verdict(&of("E0")), (404, "EntityNotFound".to_owned()));
    assert_eq!(verdict(&ask("<Marker>dt_0</Marker>")), refused("InvalidArgument"));
}

#[test]
fn a_tenant_is_a_target_of_its_own() {
    let emulator = plain();
    let made = reply(emulator.handle(&creation(ACME, "r", &["/*"]), at(0)));
    let id = one(&text(&made), "Id");
    let location = made.headers.get("location").unwrap().to_str().unwrap();
    assert!(
        location.ends_with(&format!("/distribution-tenant/{ACME}/invalidation/{id}")),
        "{location}"
    );
    assert_eq!(id.len(), 25);
    assert_eq!(
        all(
            &text(&get(&emulator, &format!("distribution-tenant/{ACME}/invalidation"), 0)),
            "Id"
        ),
        std::slice::from_ref(&id)
    );
    assert_eq!(
        one(
            &text(&get(
                &emulator,
                &format!("distribution-tenant/{ACME}/invalidation/{id}"),
                10
            )),
            "Status"
        ),
        "Completed"
    );
    let parent = text(&get(&emulator, &format!("distribution/{STOREFRONTS}/invalidation"), 0));
    assert_eq!(
        all(&parent, "Id"),
        Vec::<String>::new(),
        "it does not show at the distribution"
    );
    emulator.configure(|settings| settings.tenant_only = TenantOnly::ClearsNothing);
    assert_ne!(
        create(&emulator, STOREFRONTS, "r", &["/*"], 0).1,
        id,
        "references are remembered by target"
    );
}

#[test]
fn a_multi_tenant_distribution_has_no_domain_and_may_refuse_invalidations() {
    let emulator = plain();
    let xml = text(&get(&emulator, &format!("distribution/{STOREFRONTS}"), 0));
    assert_eq!(
        (
            one(&xml, "DomainName"),
            one(&xml, "ConnectionMode"),
            one(&xml, "Aliases")
        ),
        (
            "-".to_owned(),
            "tenant-only".to_owned(),
            "<Quantity>0</Quantity>".to_owned()
        )
    );
    assert_eq!(
        create(&emulator, STOREFRONTS, "r", &["/*"], 0),
        (404, "NoSuchDistribution".to_owned())
    );
    emulator.configure(|settings| settings.tenant_only = TenantOnly::ClearsNothing);
    assert_eq!(create(&emulator, STOREFRONTS, "r", &["/*"], 0).0, 201);
    emulator.configure(|settings| settings.tenant_only = TenantOnly::Refused);
    assert_eq!(
        create(&emulator, STOREFRONTS, "s", &["/*"], 0),
        refused("InvalidArgument")
    );
    assert_eq!(create(&emulator, SHOP, "s", &["/*"], 0).0, 201);
}
