//! Methods of a plan by focus (planning.md §3.1). The list may be extended freely; a method that is not in it has no
//! focus of its own.

use super::Focus;

/// One usual method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// Id in commands and files.
    pub id: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What it is usually for.
    pub focus: Focus,
}

const fn row(id: &'static str, about: &'static str, focus: Focus) -> Method {
    Method { id, about, focus }
}

/// The usual methods.
pub const METHODS: [Method; 16] = [
    row("offline_promo", "promotion on site 地推", Focus::Acquire),
    row("activity_mkt", "marketing activity 活动营销", Focus::Acquire),
    row("seeding_post", "seeded posts and articles 发帖软文", Focus::Acquire),
    row("word_of_mouth", "word of mouth 口碑", Focus::Acquire),
    row("brand", "brand 品牌", Focus::Acquire),
    row("social_fission", "users invite users 裂变", Focus::Acquire),
    row("paid_ads", "paid advertising 投放", Focus::Acquire),
    row("reminder", "reminders 提醒触达", Focus::Retain),
    row("segment", "treatment by segment 精细化分层", Focus::Retain),
    row("incentive", "levels and rewards 成长激励", Focus::Retain),
    row("social", "ties between users 社交关系", Focus::Retain),
    row("winback", "winning back 流失召回", Focus::Retain),
    row("ads", "advertising income 广告", Focus::Revenue),
    row("ecommerce", "e-commerce 电商", Focus::Revenue),
    row("vas", "value added services 增值服务", Focus::Revenue),
    row("bd_deal", "deals with partners 商务合作", Focus::Revenue),
];

/// The usual method with this id.
pub fn method(id: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.id == id)
}
