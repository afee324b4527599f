//! The two lists of what is held and who gets it (App method §6): all of it, by what it is for, and whom somebody has
//! stopped.

use jiff::SignedDuration;

use super::world::World;

const LISTS: &str = "/mine/lists";

/// The row that begins with these words.
fn row<'a>(page: &'a str, first: &str) -> &'a str {
    page.split("<tr>").find(|row| row.contains(first)).unwrap_or_else(|| panic!("{first}: {page}"))
}

#[tokio::test]
async fn everything_that_is_held_is_listed_by_what_it_is_for() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get(LISTS).await.body;
    for purpose in ["Account and address book", "Parcel delivery", "Payment and invoices", "Offers"] {
        assert!(page.contains(&format!("<h3>{purpose}</h3>")), "{purpose}: {page}");
    }
    for kind in ["Registered on", "Order number", "Freight (CNY)", "Waybill number", "Place", "Profile tag"] {
        assert!(page.contains(kind), "{kind}: {page}");
    }
    assert!(page.contains("<strong>Bank card number (sensitive)</strong>"), "{page}");
    assert!(!page.contains(&world.email("customer")) && !page.contains("YF0000"), "counts, no values");
}

#[tokio::test]
async fn when_something_goes_is_said_of_its_own_kind_of_record() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get(LISTS).await.body;
    // The number of an account that is open has no date, whatever parcels carry the same number.
    let account = row(&page, ">Account: 1<");
    assert!(account.contains("Mobile number") && account.contains("the account is closed"), "{account}");
    assert!(!row(&page, "Waybill: ").contains("the account is closed"), "{page}");
}

#[tokio::test]
async fn whoever_got_it_with_a_consent_stays_on_the_list_once_it_is_withdrawn() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let club = |page: &str| row(page, "Example Members").to_owned();
    assert!(club(&li.get(LISTS).await.body).contains("no date is recorded"));
    assert_eq!(li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.work().await;
    let page = li.get(LISTS).await.body;
    assert!(!page.contains("<h3>Offers</h3>"), "what rested on it is gone: {page}");
    let stopped = club(&page);
    assert!(
        stopped.contains("no longer given, on your word of ") && stopped.contains("Offer preferences"),
        "{stopped}"
    );
    assert!(!row(&page, "Example Linehaul").contains("stopped"), "who gets it for something else is not stopped");
}

/// Who agrees to a purpose and not to its being given on has given the others nothing, and stopped nothing.
#[tokio::test]
async fn who_was_refused_from_the_first_is_not_said_to_get_anything() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    assert_eq!(li.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.work().await;
    for page in [LISTS, "/mine"] {
        let page = li.get(page).await.body;
        assert!(page.contains("Example Linehaul") && !page.contains("Example Members"), "{page}");
    }
    // Agreed to once, and withdrawn: they may have got it in between.
    world.pass(SignedDuration::from_mins(1));
    let both = [("purpose", "marketing"), ("provision", "on")];
    assert_eq!(li.post("/mine/consent/give", &both).await.status.as_u16(), 303);
    assert!(li.get(LISTS).await.body.contains("Example Members"));
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    let club = row(&li.get(LISTS).await.body, "Example Members").to_owned();
    assert!(club.contains("no longer given"), "{club}");
}

/// A rule is no record, and an empty day is none either.
#[tokio::test]
async fn what_is_only_a_rule_is_not_said_to_have_happened() {
    let world = World::new().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    world.company(&format!("UPDATE waybills SET delivered_at = NULL WHERE receiver_mobile = '{mobile}'")).await;
    let page = world.recipient().await.get(LISTS).await.body;
    assert!(row(&page, "Example Pick-up Stations").contains("not given so far"), "{page}");
    assert!(row(&page, "Example Parcel").contains("may have been given by our rules"), "{page}");
    assert!(!row(&page, "Example Linehaul").contains("may have been given"), "{page}");
}

/// 250 addresses, of which the newest 200 are shown.
#[tokio::test]
async fn more_than_is_shown_is_not_counted_as_all() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let many = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) \
         INSERT INTO addresses (customer_id, label, contact_name, contact_mobile, address) \
         SELECT (SELECT id FROM customers WHERE email = '{email}'), 'l', 'n', '15400000099', 'a' FROM n"
    );
    world.company(&many).await;
    let mut customer = world.customer(&email).await;
    let page = customer.get("/mine").await.body;
    assert!(page.contains("At least 20") && page.contains(">at least 20"), "{page}");
    for path in ["/mine", "/mine/lists"] {
        let page = customer.get(path).await.body;
        assert!(page.contains("Only the newest 200 are shown: Address book"), "{page}");
        assert!(page.contains("A copy has all of them."), "and where the rest is: {page}");
    }
}
