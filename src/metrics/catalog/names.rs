//! The words of spreadsheets for what METRICS has: a daily fact that is called so is taken for the metric.
//!
//! Left out is what could mean another number: `sales` and 销量 may be pieces or money, `customers` and `users` all there
//! ever were, `signups` who has not come yet, 成本 the cost of goods. Rates are known by their id alone, since a sheet
//! holds one as 45 or as 0.45 and does not say which.

use super::{METRICS, Metric, Unit, find};

/// Ids with the words for them; case, blanks, `_` and `-` make no difference.
const CALLED: &[(&str, &[&str])] = &[
    ("new_users", &["new user", "新增", "新增用户", "新增用户数", "新用户", "新用户数"]),
    ("spend", &["cost", "costs", "ad spend", "ad cost", "花费", "消耗", "广告费", "广告花费", "推广费", "投放费用"]),
    ("dau", &["daily active users", "日活", "日活跃用户", "日活跃用户数"]),
    ("wau", &["weekly active users", "周活", "周活跃用户", "周活跃用户数"]),
    ("mau", &["monthly active users", "月活", "月活跃用户", "月活跃用户数"]),
    ("net", &["revenue", "net sales", "收入", "营收", "净收入", "营业收入"]),
    ("gross", &["gross sales", "总收入"]),
    ("refunds", &["refund", "退款", "退款额", "退款金额"]),
    ("orders", &["order", "order count", "订单", "订单数", "订单量"]),
    ("payers", &["paying users", "付费用户", "付费用户数", "付费人数"]),
    ("brand_searches", &["brand search", "品牌搜索", "品牌搜索量"]),
];

/// The metric that a name means: by its id, as it is called on screens, or by a word of the table.
pub fn meant(name: &str) -> Option<&'static Metric> {
    if let Some(metric) = find(name) {
        return Some(metric);
    }
    let wanted = plain(name);
    let is = |word: &str| plain(word) == wanted;
    let word = |metric: &&Metric| {
        let words = CALLED.iter().filter(|(id, _)| *id == metric.id).flat_map(|(_, words)| *words);
        is(metric.id) || is(metric.name) || words.into_iter().any(|word| is(word))
    };
    METRICS.iter().filter(|metric| metric.unit != Unit::Rate).find(word)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_spreadsheet_are_known_and_each_means_one_metric() {
        let id = |name: &str| meant(name).map(|metric| metric.id);
        let told = ["Revenue", "New Users", "ad-spend", "DAU", "订单", "新增用户", "net", "Net revenue"].map(id);
        let ids = ["net", "new_users", "spend", "dau", "orders", "new_users", "net", "net"].map(Some);
        assert_eq!(told, ids);
        assert_eq!(["sales", "signups", "D7", "Activation", "visits", ""].map(id), [None; 6]);
        assert_eq!(id("d7"), Some("d7"), "an id is an id");
        let mut words: Vec<String> =
            CALLED.iter().flat_map(|(_, words)| words.iter().map(|word| plain(word))).collect();
        words.extend(METRICS.iter().map(|metric| plain(metric.name)));
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
        assert!(CALLED.iter().all(|(id, _)| find(id).is_some_and(|metric| metric.unit != Unit::Rate)));
    }
}
