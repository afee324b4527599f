//! Names and places. Common ones, so that nobody in particular is meant; the places do not exist.

use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡",
    "欧阳", "司徒",
];
const GIVEN: [&str; 40] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平",
    "刚", "桂英", "建华", "志强", "秀兰", "文博", "雨桐", "子涵", "浩然", "欣怡", "梓萱", "思远", "若曦", "佳宁",
    "俊熙", "晓东", "海燕", "国庆", "春梅", "一诺", "沐阳",
];
const MINORITY: [&str; 4] = ["阿依古丽·买买提", "迪丽努尔·艾力", "才让·扎西", "巴特尔·苏和"];
const PLACES: [(&str, &str); 8] = [
    ("福建省厦门市虚构区", "厦门"),
    ("广东省深圳市虚构区", "深圳"),
    ("浙江省杭州市虚构区", "杭州"),
    ("四川省成都市虚构区", "成都"),
    ("湖北省武汉市虚构区", "武汉"),
    ("陕西省西安市虚构区", "西安"),
    ("北京市虚构区", "北京"),
    ("上海市虚构区", "上海"),
];
const ROADS: [&str; 8] = ["示例路", "样本街", "演示大道", "测试巷", "虚拟路", "范例街", "假设路", "模拟大街"];
const GOODS: [&str; 12] =
    ["文件", "衣物", "茶叶", "书籍", "手机壳", "运动鞋", "化妆品", "水果", "玩具", "厨具", "药品", "电子配件"];

fn pick<T: Copy>(rng: &mut ChaCha8Rng, of: &[T], otherwise: T) -> T {
    of.choose(rng).copied().unwrap_or(otherwise)
}

pub(super) fn name(rng: &mut ChaCha8Rng) -> String {
    use rand::RngExt;
    if rng.random_bool(0.01) {
        return pick(rng, &MINORITY, "才让·扎西").to_owned();
    }
    format!("{}{}", pick(rng, &SURNAMES, "王"), pick(rng, &GIVEN, "伟"))
}

pub(super) fn address(rng: &mut ChaCha8Rng) -> (String, &'static str) {
    use rand::RngExt;
    let (place, city) = pick(rng, &PLACES, ("福建省厦门市虚构区", "厦门"));
    let road = pick(rng, &ROADS, "示例路");
    let (number, unit, room) = (rng.random_range(1..300), rng.random_range(1..6), rng.random_range(101..2500));
    (format!("{place}{road}{number}号{unit}单元{room}室"), city)
}

pub(super) fn goods(rng: &mut ChaCha8Rng) -> &'static str {
    pick(rng, &GOODS, "文件")
}
