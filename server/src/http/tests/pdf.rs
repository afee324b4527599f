//! The summary in a copy, as text again: what the typesetter has set is read out of the PDF.

use std::io::{Cursor, Read};

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness},
};
use flate2::read::ZlibDecoder;
use sha2::{Digest, Sha256};

use super::world::World;

/// What each font's table of characters makes of all the text. Words stand in one of these.
fn texts(pdf: &[u8]) -> Vec<String> {
    let streams = streams(pdf);
    let runs = streams.iter().filter(|stream| has(stream, b"BT")).flat_map(|stream| strings(stream));
    let code = |pair: &[u8]| u16::from_be_bytes([pair[0], pair[1]]);
    let codes: Vec<u16> = runs.flat_map(|run| run.chunks_exact(2).map(code).collect::<Vec<_>>()).collect();
    let tables = streams.iter().filter(|stream| has(stream, b"beginbf")).map(|stream| table(stream));
    let decode = |table: std::collections::BTreeMap<u16, String>| {
        codes.iter().filter_map(|code| table.get(code).map(String::as_str)).collect::<String>()
    };
    tables.map(decode).collect()
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}

fn find(bytes: &[u8], text: &[u8], from: usize) -> Option<usize> {
    bytes[from..].windows(text.len()).position(|part| part == text).map(|at| at + from)
}

fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(begins) = find(pdf, b"\nstream\n", at) {
        let begins = begins + 8;
        let ends = find(pdf, b"endstream", begins).unwrap();
        let mut plain = Vec::new();
        if ZlibDecoder::new(&pdf[begins..ends]).read_to_end(&mut plain).is_err() {
            plain = pdf[begins..ends].to_vec();
        }
        all.push(plain);
        at = ends;
    }
    all
}

/// The strings of a content stream: in hexadecimal digits, or as they are with what has to be escaped.
fn strings(content: &[u8]) -> Vec<Vec<u8>> {
    let (mut all, mut at) = (Vec::new(), 0);
    while at < content.len() {
        match content[at] {
            b'<' if content.get(at + 1) != Some(&b'<') => {
                let ends = find(content, b">", at).unwrap();
                all.push(hex::decode(&content[at + 1..ends]).unwrap_or_default());
                at = ends + 1;
            }
            b'<' => at += 2,
            b'(' => {
                let (string, next) = literal(content, at + 1);
                all.push(string);
                at = next;
            }
            _ => at += 1,
        }
    }
    all
}

/// A string from behind its opening bracket, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut out, mut open) = (Vec::new(), 1);
    loop {
        let byte = content[at];
        at += 1;
        match byte {
            b'\\' if content[at].is_ascii_digit() => {
                let digits = std::str::from_utf8(&content[at..at + 3]).unwrap();
                out.push(u8::from_str_radix(digits, 8).unwrap());
                at += 3;
                continue;
            }
            b'\\' => {
                let escaped = [(b'n', b'\n'), (b'r', b'\r'), (b't', b'\t'), (b'b', 8), (b'f', 12)];
                let plain = escaped.iter().find(|(letter, _)| *letter == content[at]).map(|(_, plain)| *plain);
                out.push(plain.unwrap_or(content[at]));
                at += 1;
                continue;
            }
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return (out, at);
        }
        out.push(byte);
    }
}

fn table(stream: &[u8]) -> std::collections::BTreeMap<u16, String> {
    let text = String::from_utf8_lossy(stream);
    let words = |hexes: &str| -> Vec<u16> {
        let bytes = hex::decode(hexes).unwrap_or_default();
        bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
    };
    let mut table = std::collections::BTreeMap::new();
    for line in text.lines() {
        let parts: Vec<Vec<u16>> =
            line.split('<').skip(1).filter_map(|part| part.split('>').next()).map(words).collect();
        match parts.as_slice() {
            [from, to] if from.len() == 1 => {
                table.insert(from[0], String::from_utf16_lossy(to));
            }
            [from, until, to] if from.len() == 1 && until.len() == 1 && to.len() == 1 => {
                for n in 0..=until[0] - from[0] {
                    table.insert(from[0] + n, String::from_utf16_lossy(&[to[0] + n]));
                }
            }
            _ => {}
        }
    }
    table
}

#[tokio::test]
async fn the_pdf_of_a_copy_says_what_is_in_it_in_the_persons_language() {
    let world = World::new().await;
    let email = world.email("customer");
    let identifier = Identifier::Email(Email::parse(&email).unwrap());
    let li = Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap());
    let permit = li.own_fresh().unwrap();
    let said: [(Lang, &[&str]); 2] = [
        (
            Lang::Zh,
            &[
                "您的信息副本：概要",
                "远帆物流",
                "运单",
                "寄件",
                "寄递服务",
                "法律依据",
                "匿名化",
                "投诉",
                "这份副本",
                "能够读取的系统都已读取",
            ],
        ),
        (
            Lang::En,
            &[
                "a summary",
                "Yuanfan",
                "Waybill",
                "as the sender",
                "Parcel delivery",
                "Legal basis",
                "anonymised",
                "Complaints",
                "Every system that can be read was read",
            ],
        ),
    ];
    for (lang, words) in said {
        let id = world.portal.ask_for_copy(&permit, &li, lang).await.unwrap().id;
        world.work().await;
        let mut handed = world.portal.hand_out_copy(&permit, &li, lang, id).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = world.portal.next_piece(&mut handed).await.unwrap() {
            bytes.extend(piece);
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let pdf = read("summary.pdf");
        assert!(pdf.starts_with(b"%PDF-1.7") && has(&pdf, b"pdfuaid"));
        let manifest: serde_json::Value = serde_json::from_slice(&read("manifest.json")).unwrap();
        let files = manifest["files"].as_array().unwrap();
        let listed = files.iter().find(|file| file["name"] == "summary.pdf").expect("it is in the manifest");
        assert_eq!(listed["sha256"], hex::encode(Sha256::digest(&pdf)));
        assert!(has(&read("index.html"), b"href=\"summary.pdf\""));
        let texts = texts(&pdf);
        // Lines end where they must, words with a hyphen.
        let squeeze = |text: &str| text.replace(|c: char| c.is_whitespace() || c == '-' || c == '\u{ad}', "");
        let squeezed: Vec<String> = texts.iter().map(|text| squeeze(text)).collect();
        let hash = world.portal.map.hash.to_string();
        let files =
            ["pages/company-waybills-sender.html", "data/company-customers-holder.json", hash.as_str(), "privacy@"];
        for part in words.iter().copied().chain(files) {
            let part = squeeze(part);
            assert!(squeezed.iter().any(|text| text.contains(&part)), "{lang:?} {part}: {texts:?}");
        }
        assert!(!squeezed.iter().any(|text| text.contains(&email)), "nobody learns an address from the paper");
        assert!(pdf.len() < 2_000_000, "{} bytes", pdf.len());
    }
}
