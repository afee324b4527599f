//! A database nobody here has seen becomes a draft that loads, says why it guesses what it guesses, and
//! shows no value it has looked at.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use domain::{
    Words,
    map::{Column, Engine, Kind, MapFile, SourceName, load, written},
};
use sea_orm::{ConnectionTrait, Database};
use sources::{Source, scan};
use testkit::Mariadb;

const SCHEMA: &str = "
CREATE TABLE t_huiyuan (id BIGINT PRIMARY KEY, xm VARCHAR(20) COMMENT '姓名', sjh VARCHAR(20), zjhm VARCHAR(20) COMMENT '证件号', f1 VARCHAR(60), cph VARCHAR(10), yx VARCHAR(60) COMMENT '电子邮箱', mima VARCHAR(80), zhuxiao_at DATETIME NULL) COMMENT '会员';
CREATE TABLE t_dingdan (id BIGINT PRIMARY KEY, huiyuan_id BIGINT, beizhu VARCHAR(200) COMMENT '买家备注', jine DECIMAL(10,2) COMMENT '金额', finish_time DATETIME) COMMENT '订单';
CREATE TABLE yundan (id BIGINT PRIMARY KEY, sender_name VARCHAR(20), sender_phone VARCHAR(20), receiver_name VARCHAR(20), receiver_phone VARCHAR(20), delivered_at DATETIME);
CREATE TABLE goods (id BIGINT PRIMARY KEY, name VARCHAR(50) COMMENT '商品名称', price DECIMAL(10,2), description VARCHAR(200) COMMENT '商品描述');
CREATE TABLE counts (id BIGINT PRIMARY KEY, huiyuan_id BIGINT, n INT);
INSERT INTO t_huiyuan VALUES
 (1, '李娜', '15400000001', '11010519491231002X', '厦门市思明区示例路1号', '粤B12345', 'li.na@example.com', '$2b$10$aaaaaaaaaaaaaaaaaaaaaa', NULL),
 (2, '王伟', '15400000002', '999900199001010014', '福州市鼓楼区样板街2号', '京A12345', 'wang@example.com', '$2b$10$bbbbbbbbbbbbbbbbbbbbbb', NULL),
 (3, '张秀英', '15400000003', '110105194912310020', '泉州市丰泽区某某路3号', '沪C12345', 'zhang@example.com', '$2b$10$cccccccccccccccccccccc', NULL),
 (4, '刘洋', '15400000004', '11010519491231002x', '漳州市芗城区样例巷4号', '苏E12345', 'liu@example.com', '$2b$10$dddddddddddddddddddddd', NULL);
INSERT INTO yundan VALUES (1, '李娜', '15400000001', '王伟', '15400000002', NULL), (2, '王伟', '15400000002', '张秀英', '15400000003', NULL), (3, '张秀英', '15400000003', '李娜', '15400000001', NULL);
";

#[tokio::test]
async fn a_strange_database_becomes_a_draft_that_shows_no_value() {
    let server = Mariadb::start();
    let url = server.database();
    let db = Database::connect(&url).await.unwrap();
    for statement in SCHEMA.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        db.execute_unprepared(statement).await.unwrap();
    }
    let written = written::Source::at(Words::new("库", "db"), Engine::Mysql, url, Words::new("中国", "China"));
    let source = Source::new(&SourceName("shop".into()), &written, Path::new(".")).unwrap();
    let guesses = scan::guess(&source).await.unwrap();
    let kind = |table: &str, column: &str| {
        let guess = guesses.iter().find(|guess| guess.name.table == table).unwrap();
        let found = guess.columns.iter().find(|(of, _)| *of == Column(column.into())).unwrap();
        found.1.as_ref().map(|evidence| evidence.kind)
    };
    for (column, expected) in [
        ("xm", Kind::Name),
        ("sjh", Kind::Mobile),
        ("zjhm", Kind::ResidentId),
        ("f1", Kind::Address),
        ("cph", Kind::Plate),
        ("yx", Kind::Email),
        ("mima", Kind::Secret),
    ] {
        assert_eq!(kind("t_huiyuan", column), Some(expected), "{column}");
    }
    assert_eq!(kind("goods", "name"), None, "a thing's name is nobody's");
    assert_eq!(kind("t_dingdan", "beizhu"), Some(Kind::Text));

    let draft = scan::draft(&source).await.unwrap();
    for value in ["李娜", "王伟", "15400000001", "11010519491231002X", "示例路", "粤B12345", "li.na", "$2b$"] {
        assert!(!draft.contains(value), "the draft shows {value}");
    }
    let map = load(&[MapFile { name: "draft.toml".into(), text: draft.clone() }])
        .unwrap_or_else(|e| panic!("{e:?}\n{draft}"));
    let table = |name: &str| map.tables.iter().find(|table| table.name.table == name).unwrap();
    assert_eq!(table("yundan").roles.len(), 2, "one row, two people");
    assert!(
        table("t_dingdan").paths().any(|path| path.parent.table == "t_huiyuan"),
        "a path by name, without a foreign key"
    );
    assert_eq!(table("t_dingdan").retention.from.as_str(), "finish_time");
    // A table without a time: an unedited draft must not take its numbers for 1970.
    assert!(draft.contains("NO COLUMN WITH A TIME"), "{draft}");
    assert!(!draft.contains("epoch seconds"), "{draft}");
}
