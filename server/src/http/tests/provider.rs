//! Whoever is signed in at the company's identity provider arrives here signed in, as themselves and nobody else.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::SignedDuration;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{
    identity_provider::{CLIENT, IdentityProvider, SECRET, Sent, SigningKey},
    world::{Answer, Person, World},
};
use crate::config::{self, Claim, Proves};

const GO: &str = "/sign-in/with/yuanfan";

type Change = Box<dyn Fn(&mut Value)>;
type Forge<'a> = &'a dyn Fn(&Value) -> String;

/// A portal that knows this provider.
async fn with(
    provider: &IdentityProvider,
    change: impl FnOnce(&mut config::IdentityProvider, &mut config::Limits),
) -> World {
    World::with(|config, dir| {
        std::fs::write(dir.join("client.secret"), format!("{SECRET}\n")).unwrap();
        let mut one = config::IdentityProvider {
            id: "yuanfan".into(),
            name: domain::Words::new("远帆账号", "your Yuanfan account"),
            issuer: provider.url.clone(),
            client_id: CLIENT.into(),
            client_secret_env: None,
            client_secret_file: Some(dir.join("client.secret")),
            scopes: vec!["openid".into(), "email".into()],
            proves: Proves::default(),
        };
        change(&mut one, &mut config.limits);
        config.identity_provider.push(one);
    })
    .await
}

async fn both() -> (IdentityProvider, World) {
    let provider = IdentityProvider::new(SigningKey::es256("one")).await;
    let world = with(&provider, |_, _| {}).await;
    (provider, world)
}

async fn sent(person: &mut Person<'_>, provider: &IdentityProvider) -> Sent {
    let answer = person.get(GO).await;
    let location = answer.location.unwrap_or_else(|| panic!("{}", answer.body));
    assert!(location.starts_with(&format!("{}/authorize?", provider.url)), "{location}");
    Sent::read(&location)
}

/// What the provider says of Li, who proved there a moment ago who they are.
fn claims(world: &World, provider: &IdentityProvider, sent: &Sent) -> Value {
    let now = world.portal.clock.now().as_second();
    json!({
        "iss": provider.url, "aud": CLIENT, "sub": "248289761001", "nonce": sent.one("nonce"), "iat": now, "exp": now + 300,
        "auth_time": now, "email": world.email("customer"), "email_verified": true,
    })
}

/// Signs in there; the provider says what `change` makes of it.
async fn comes_back(
    world: &World,
    provider: &IdentityProvider,
    person: &mut Person<'_>,
    change: impl FnOnce(&mut Value),
) -> Answer {
    let sent = sent(person, provider).await;
    let mut claims = claims(world, provider, &sent);
    change(&mut claims);
    let back = provider.promise(&sent, provider.key.sign(&claims), json!({ "sub": "248289761001" }));
    person.get(&back).await
}

async fn is_nobody(person: &mut Person<'_>) {
    assert_eq!(person.get("/mine").await.location.as_deref(), Some("/sign-in"));
}

#[tokio::test]
async fn whoever_is_signed_in_there_arrives_signed_in_and_sees_their_own() {
    let (provider, world) = both().await;
    let mut li = world.visitor();
    let page = li.get("/sign-in").await.body;
    assert!(page.contains("Sign in with your Yuanfan account") && page.contains(GO), "{page}");
    let sent = sent(&mut li, &provider).await;
    assert_eq!((sent.one("response_type"), sent.one("code_challenge_method")), ("code", "S256"));
    assert_eq!((sent.one("scope"), sent.one("client_id")), ("openid email", CLIENT));
    assert_eq!(sent.one("redirect_uri"), "http://127.0.0.1:3000/sign-in/with/yuanfan/back");
    let before = li.cookie.clone().unwrap();
    let back = provider.promise(&sent, provider.key.sign(&claims(&world, &provider, &sent)), json!({}));
    let arrived = li.get(&back).await;
    assert_eq!(arrived.location.as_deref(), Some("/mine"), "{}", arrived.body);
    assert_ne!(li.cookie.as_ref(), Some(&before), "whoever knew the old session knows nothing");
    let mine = li.get("/mine").await.body;
    assert!(!mine.contains("We keep nothing"), "{mine}");
    assert_eq!(li.get("/mine/full").await.status, StatusCode::OK, "as fresh as the provider said");
    let audit = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(audit.contains("handed_over") && audit.contains("yuanfan"), "{audit}");
    assert!(!audit.contains(&world.email("customer")) && !audit.contains("248289761001"));
}

#[tokio::test]
async fn the_common_kind_of_key_and_a_mobile_number_do_too() {
    let provider = IdentityProvider::new(SigningKey::rs256("rsa")).await;
    provider.says.metadata.lock().unwrap()["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    let world = with(&provider, |_, _| {}).await;
    let mut li = world.visitor();
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let arrived = comes_back(&world, &provider, &mut li, |claims| {
        claims["email_verified"] = json!(false);
        claims["phone_number"] = json!(format!("+86{mobile}"));
        claims["phone_number_verified"] = json!(true);
    })
    .await;
    assert_eq!(arrived.location.as_deref(), Some("/mine"), "{}", arrived.body);
    assert_eq!(li.get("/mine").await.status, StatusCode::OK);
}

#[tokio::test]
async fn values_in_full_need_a_code_unless_they_proved_it_there_just_now() {
    let (provider, world) = both().await;
    let now = world.portal.clock.now().as_second();
    for (name, auth_time) in
        [("an hour ago", json!(now - 3_600)), ("not said", Value::Null), ("ahead", json!(now + 600))]
    {
        let mut li = world.visitor();
        comes_back(&world, &provider, &mut li, |claims| claims["auth_time"] = auth_time).await;
        assert_eq!(li.get("/mine").await.status, StatusCode::OK, "{name}");
        assert_eq!(li.get("/mine/full").await.location.as_deref(), Some("/confirm"), "{name}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_this_providers_for_this_sign_in_signs_nobody_in() {
    let (provider, world) = both().await;
    let now = world.portal.clock.now().as_second();
    let set = |name: &'static str, value: Value| -> Change { Box::new(move |claims| claims[name] = value.clone()) };
    let without =
        |name: &'static str| -> Change { Box::new(move |claims| drop(claims.as_object_mut().unwrap().remove(name))) };
    for (name, change) in [
        ("another sign-in's", set("nonce", json!("0".repeat(48)))),
        ("no nonce", without("nonce")),
        ("for another portal", set("aud", json!("shop"))),
        ("for us among others, asked for by another", set("aud", json!([CLIENT, "shop"]))),
        ("asked for by another", set("azp", json!("shop"))),
        ("no aud", without("aud")),
        ("from another issuer", set("iss", json!("https://id.example.com"))),
        ("from two issuers", set("iss", json!([provider.url, "https://id.example.com"]))),
        ("no iss", without("iss")),
        ("expired", set("exp", json!(now - 31))),
        ("no end", without("exp")),
        ("of the future", set("iat", json!(now + 60))),
        ("not yet", set("nbf", json!(now + 60))),
        ("about nobody", without("sub")),
        ("about an empty name", set("sub", json!(""))),
    ] {
        let mut li = world.visitor();
        let answer = comes_back(&world, &provider, &mut li, |claims| change(claims)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.body);
        assert!(answer.body.contains("The sign-in could not be checked"), "{name}");
        assert!(answer.body.contains("Sign in with a code"), "{name}: what to do instead");
        is_nobody(&mut li).await;
    }
}

#[tokio::test]
async fn an_unsigned_token_or_one_signed_by_another_key_signs_nobody_in() {
    let (provider, world) = both().await;
    let part = |value: &Value| Base64UrlUnpadded::encode_string(&serde_json::to_vec(value).unwrap());
    let none = |claims: &Value| format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims));
    let shared = |claims: &Value| {
        // Whoever takes the public key for a shared secret falls for this.
        let secret = serde_json::to_vec(&provider.key.public()).unwrap();
        encode(&Header { kid: Some("one".into()), ..Header::default() }, claims, &EncodingKey::from_secret(&secret))
            .unwrap()
    };
    let cut = |claims: &Value| provider.key.sign(claims).rsplit_once('.').unwrap().0.to_owned() + ".";
    let changed = |claims: &Value| {
        let signed = provider.key.sign(claims);
        let (head, signature) = (signed.split('.').next().unwrap(), signed.rsplit('.').next().unwrap());
        let mut other = claims.clone();
        other["email"] = json!("newcomer@example.com");
        format!("{head}.{}.{signature}", part(&other))
    };
    let forgeries: [(&str, Forge<'_>); 7] = [
        ("unsigned", &none),
        ("a shared secret", &shared),
        ("another's key with the same name", &|claims| SigningKey::es256("one").sign(claims)),
        ("another's key", &|claims| SigningKey::es256("two").sign(claims)),
        ("no signature", &cut),
        ("changed afterwards", &changed),
        ("nonsense", &|_| "nonsense".to_owned()),
    ];
    for (name, forge) in forgeries {
        let mut li = world.visitor();
        let sent = sent(&mut li, &provider).await;
        let back = provider.promise(&sent, forge(&claims(&world, &provider, &sent)), json!({}));
        let answer = li.get(&back).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.body);
        is_nobody(&mut li).await;
    }
}

#[tokio::test]
async fn an_address_that_is_not_verified_there_opens_nothing() {
    let (provider, world) = both().await;
    for verified in [json!(false), json!("false"), json!(1), Value::Null] {
        let mut li = world.visitor();
        let answer = comes_back(&world, &provider, &mut li, |claims| claims["email_verified"] = verified.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{verified}");
        assert!(
            answer.body.contains("not verified there") && answer.body.contains("mobile and waybill"),
            "{}",
            answer.body
        );
        is_nobody(&mut li).await;
    }
}

#[tokio::test]
async fn a_way_back_works_once_soon_and_in_the_browser_it_began_in() {
    let (provider, world) = both().await;
    let mut li = world.visitor();
    let way = sent(&mut li, &provider).await;
    let back = provider.promise(&way, provider.key.sign(&claims(&world, &provider, &way)), json!({}));
    // Somebody is led to another's way back, to be signed in as them without noticing.
    let mut wang = world.visitor();
    let led = wang.get(&back).await;
    assert!(led.status == StatusCode::GONE && led.body.contains("was not begun in this browser"), "{}", led.body);
    sent(&mut wang, &provider).await;
    assert_eq!(wang.get(&back).await.status, StatusCode::GONE, "nor while on another way");
    is_nobody(&mut wang).await;
    assert_eq!(provider.says.exchanged.load(Ordering::Relaxed), 0, "and the code was not spent on it");
    let mut copy = li.clone();
    assert_eq!(li.get(&back).await.location.as_deref(), Some("/mine"));
    assert_eq!(li.get(&back).await.status, StatusCode::GONE, "once");
    assert_eq!(copy.get(&back).await.status, StatusCode::GONE, "nor in the session as it was");
    let mut late = world.visitor();
    let way = sent(&mut late, &provider).await;
    let back = provider.promise(&way, provider.key.sign(&claims(&world, &provider, &way)), json!({}));
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(late.get(&back).await.status, StatusCode::GONE, "soon");
    is_nobody(&mut late).await;
}

#[tokio::test]
async fn a_code_without_its_verifier_or_from_another_provider_is_worth_nothing() {
    let (provider, world) = both().await;
    let mut thief = world.visitor();
    let way = sent(&mut thief, &provider).await;
    let mut li = world.visitor();
    let of_li = sent(&mut li, &provider).await;
    let stolen = provider.promise(&of_li, provider.key.sign(&claims(&world, &provider, &of_li)), json!({}));
    let code = stolen.split(['=', '&']).nth(1).unwrap();
    let answer = thief.get(&format!("{GO}/back?code={code}&state={}", way.one("state"))).await;
    assert_eq!(answer.status, StatusCode::GONE, "the provider gives nothing for it");
    is_nobody(&mut thief).await;

    let mut mixed = world.visitor();
    let way = sent(&mut mixed, &provider).await;
    let back = provider.promise(&way, provider.key.sign(&claims(&world, &provider, &way)), json!({}));
    let answer = mixed.get(&format!("{back}&iss=https%3A%2F%2Fevil.example")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "another provider's answer: {}", answer.body);
    is_nobody(&mut mixed).await;
}

#[tokio::test]
async fn whoever_does_not_agree_there_is_told_that_nothing_was_taken() {
    let (provider, world) = both().await;
    let mut li = world.visitor();
    let way = sent(&mut li, &provider).await;
    let back = format!("{GO}/back?error=access_denied&error_description=li%40example.com&state={}", way.one("state"));
    let answer = li.get(&back).await;
    assert!(answer.body.contains("You did not agree to sign in"), "{}", answer.body);
    assert!(!answer.body.contains("li@example.com"), "nothing from the address is repeated");
    is_nobody(&mut li).await;
}

#[tokio::test]
async fn while_the_provider_is_down_a_code_still_works() {
    let (mut provider, world) = both().await;
    provider.goes_down().await;
    let mut li = world.visitor();
    let answer = li.get(GO).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("your Yuanfan account cannot be reached"), "{}", answer.body);
    assert!(answer.body.contains("Sign in with a code"), "{}", answer.body);
    let mut li = world.customer(&world.email("customer")).await;
    assert_eq!(li.get("/mine").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_provider_that_talks_nonsense_counts_as_down_until_it_is_well_again() {
    let (provider, world) = both().await;
    for (status, body) in [
        (500, "{}".to_owned()),
        (200, "nonsense".to_owned()),
        (200, " ".repeat(300_000)),
        (200, r#"{"issuer":"https://x"}"#.to_owned()),
        (302, String::new()),
    ] {
        *provider.says.instead.lock().unwrap() = Some((status, body));
        assert_eq!(world.visitor().get(GO).await.status, StatusCode::SERVICE_UNAVAILABLE, "{status}");
        world.pass(SignedDuration::from_secs(6));
    }
    *provider.says.instead.lock().unwrap() = None;
    let asked = provider.says.asked.load(Ordering::Relaxed);
    for _ in 0..3 {
        let mut li = world.visitor();
        assert_eq!(comes_back(&world, &provider, &mut li, |_| {}).await.location.as_deref(), Some("/mine"));
    }
    assert_eq!(provider.says.asked.load(Ordering::Relaxed), asked + 1, "asked once, then remembered");
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_learned() {
    let (mut provider, world) = both().await;
    let mut li = world.visitor();
    comes_back(&world, &provider, &mut li, |_| {}).await;
    provider.key = SigningKey::es256("two");
    *provider.says.keys.lock().unwrap() = vec![provider.key.public()];
    world.pass(SignedDuration::from_mins(2));
    let mut li = world.visitor();
    assert_eq!(comes_back(&world, &provider, &mut li, |_| {}).await.location.as_deref(), Some("/mine"));
}

#[tokio::test]
async fn what_stands_only_in_userinfo_counts_if_it_is_about_the_same_person() {
    let (provider, world) = both().await;
    for (sub, expected) in [("248289761001", StatusCode::SEE_OTHER), ("another", StatusCode::FORBIDDEN)] {
        let mut li = world.visitor();
        let sent = sent(&mut li, &provider).await;
        let mut token = claims(&world, &provider, &sent);
        token.as_object_mut().unwrap().remove("email");
        let info = json!({ "sub": sub, "email": world.email("customer"), "email_verified": true });
        let back = provider.promise(&sent, provider.key.sign(&token), info);
        assert_eq!(li.get(&back).await.status, expected, "{sub}");
    }
}

#[tokio::test]
async fn a_companys_own_names_for_claims_are_read() {
    let provider = IdentityProvider::new(SigningKey::es256("one")).await;
    let world = with(&provider, |one, _| {
        let mobile = Claim { claim: "yf_mobile".into(), verified: "yf_mobile_checked".into() };
        one.proves = Proves { email: None, mobile: Some(mobile) };
    })
    .await;
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let mut li = world.visitor();
    let answer = comes_back(&world, &provider, &mut li, |_| {}).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "an e-mail address proves nothing here");
    let answer = comes_back(&world, &provider, &mut li, |claims| {
        claims["yf_mobile"] = json!(mobile);
        claims["yf_mobile_checked"] = json!(true);
    })
    .await;
    assert_eq!(answer.location.as_deref(), Some("/mine"), "{}", answer.body);
}

#[tokio::test]
async fn nothing_is_left_of_whoever_was_signed_in_before() {
    let (provider, world) = both().await;
    let mut person = world.staff("officer").await;
    let mut link = Request::get(GO).header("sec-fetch-site", "cross-site");
    let led = person.send(link.body(Body::empty()).unwrap()).await;
    assert_eq!(led.location.as_deref(), Some("/sign-in"), "a link elsewhere ends nobody's session");
    assert_eq!(person.get("/officer").await.status, StatusCode::OK);
    assert_eq!(comes_back(&world, &provider, &mut person, |_| {}).await.location.as_deref(), Some("/mine"));
    assert_eq!(person.get("/officer").await.location.as_deref(), Some("/officer/sign-in"));
    let newcomer = world.email("newcomer");
    comes_back(&world, &provider, &mut person, |claims| claims["email"] = json!(newcomer)).await;
    assert!(!person.get("/mine").await.body.contains("We keep nothing"));
    assert!(person.get("/requests").await.body.contains("You have made no request yet"));
    // Nobody is signed in: the company's app may lead straight through.
    link = Request::get(GO).header("sec-fetch-site", "cross-site");
    let led = world.visitor().send(link.body(Body::empty()).unwrap()).await;
    assert!(led.location.unwrap().starts_with(&provider.url));
}

#[tokio::test]
async fn people_arrive_where_they_were_going_and_only_here() {
    let (provider, world) = both().await;
    let mut li = world.visitor();
    assert_eq!(li.get("/requests").await.location.as_deref(), Some("/sign-in"));
    assert_eq!(comes_back(&world, &provider, &mut li, |_| {}).await.location.as_deref(), Some("/requests"));
    for (next, expected) in
        [("/mine/delete", "/mine/delete"), ("//evil.example", "/mine"), ("https://evil.example", "/mine")]
    {
        let mut li = world.visitor();
        let location = li.get(&format!("{GO}?next={next}")).await.location.unwrap();
        let sent = Sent::read(&location);
        let back = provider.promise(&sent, provider.key.sign(&claims(&world, &provider, &sent)), json!({}));
        assert_eq!(li.get(&back).await.location.as_deref(), Some(expected), "{next}");
    }
}

#[tokio::test]
async fn too_many_from_one_network_wait() {
    let provider = IdentityProvider::new(SigningKey::es256("one")).await;
    let world = with(&provider, |_, limits| limits.tries_per_network = 2).await;
    for _ in 0..2 {
        sent(&mut world.visitor(), &provider).await;
    }
    let answer = world.visitor().get(GO).await;
    assert!(
        answer.status == StatusCode::TOO_MANY_REQUESTS && answer.body.contains("Too many tries"),
        "{}",
        answer.body
    );
    world.pass(SignedDuration::from_mins(16));
    sent(&mut world.visitor(), &provider).await;
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_told_before_anything_starts() {
    let world = World::new().await;
    let dir = world.dir.path().join("demo");
    let path = dir.join("qingdan.toml");
    let written = std::fs::read_to_string(&path).unwrap();
    let provider = "\n[[identity_provider]]\nid = \"yuanfan\"\nname = { zh-CN = \"远帆账号\", en = \"your account\" }\n\
                    issuer = \"https://id.example.com\"\nclient_id = \"qingdan\"\nclient_secret_file = \"nowhere\"\n";
    std::fs::write(&path, format!("{written}{provider}")).unwrap();
    let config = config::Config::load(&path).unwrap();
    let said =
        crate::oidc::providers(&config, app::paths::provider_back).err().map(|error| format!("{error:#}")).unwrap();
    assert!(said.contains("“yuanfan” client_secret") && said.contains("nowhere cannot be read"), "{said}");
    std::fs::write(&path, format!("{written}{}", provider.replace("https:", "http:"))).unwrap();
    let said = format!("{:#}", config::Config::load(&path).unwrap_err());
    assert!(said.contains("qingdan.toml is not right") && said.contains("write the https:// address"), "{said}");
}
