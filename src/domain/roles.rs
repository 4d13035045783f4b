//! Roles: what event names mean, and how a role is guessed from a name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::flag;

/// What an event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventRole {
    /// A user made an account.
    Signup,
    /// A user got the value of the product for the first time.
    Activate,
    /// A user saw a page or an item.
    View,
    /// A user answered to content: a like, a comment.
    Engage,
    /// A user passed content on.
    Share,
    /// A user asked somebody else in.
    Invite,
    /// A user saw an item to its end.
    Complete,
    /// A user takes part in an activity.
    Join,
    /// The product reached out: a push, a message.
    Touch,
    /// A user put something aside to buy it.
    Cart,
    /// A user began to pay.
    Checkout,
    /// A payment.
    Pay,
    /// A payment that failed.
    PayFail,
    /// An advertisement was shown.
    AdImpression,
    /// A place for an advertisement was offered.
    AdRequest,
    /// An advertisement came for a place.
    AdFill,
    /// The product broke down.
    Crash,
}

/// What an event name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRole {
    /// Event name, by its number in the workspace.
    pub name: u32,
    /// Its role, if any.
    pub role: Option<EventRole>,
    /// Its events are no activity.
    #[serde(with = "flag")]
    pub passive: bool,
    /// It is guessed from the name; nobody has said it.
    #[serde(with = "flag")]
    pub guessed: bool,
}

/// A role with what it is called and guessed from.
struct RoleRow {
    role: EventRole,
    name: &'static str,
    /// What its events say of a user.
    about: &'static str,
    /// Its events are nothing that a user did.
    passive: bool,
    /// Names as [`folded`] gives them.
    names: &'static [&'static str],
}

static ROLES: &[RoleRow] = &[
    RoleRow {
        role: EventRole::Signup,
        name: "signup",
        about: "made an account",
        passive: false,
        names: &[
            "signup",
            "signedup",
            "usersignup",
            "usersignedup",
            "register",
            "registered",
            "registration",
            "userregister",
            "userregistered",
            "completeregistration",
            "createaccount",
            "accountcreated",
            "注册",
            "用户注册",
            "注册成功",
            "完成注册",
        ],
    },
    RoleRow {
        role: EventRole::Activate,
        name: "activate",
        about: "got the value of the product for the first time",
        passive: false,
        names: &[
            "activate",
            "activated",
            "activation",
            "useractivate",
            "useractivated",
            "onboardingcomplete",
            "onboardingcompleted",
            "激活",
            "用户激活",
            "激活成功",
        ],
    },
    RoleRow {
        role: EventRole::View,
        name: "view",
        about: "saw a page or an item",
        passive: false,
        names: &[
            "view",
            "pageview",
            "screenview",
            "itemview",
            "viewitem",
            "contentview",
            "viewcontent",
            "articleview",
            "videoview",
            "productview",
            "viewproduct",
            "浏览",
            "页面浏览",
            "浏览页面",
            "内容浏览",
            "商品浏览",
            "阅读",
        ],
    },
    RoleRow {
        role: EventRole::Engage,
        name: "engage",
        about: "answered to content: a like, a comment",
        passive: false,
        names: &[
            "engage",
            "engaged",
            "like",
            "liked",
            "comment",
            "commented",
            "favorite",
            "favourite",
            "bookmark",
            "follow",
            "互动",
            "点赞",
            "评论",
            "收藏",
            "关注",
        ],
    },
    RoleRow {
        role: EventRole::Share,
        name: "share",
        about: "passed content on",
        passive: false,
        names: &["share", "shared", "cardshare", "contentshare", "sharecontent", "分享", "转发", "分享成功"],
    },
    RoleRow {
        role: EventRole::Invite,
        name: "invite",
        about: "asked somebody else in",
        passive: false,
        names: &[
            "invite",
            "invited",
            "invitesent",
            "sendinvite",
            "inviteuser",
            "invitefriend",
            "invitefriends",
            "邀请",
            "邀请好友",
            "发送邀请",
        ],
    },
    RoleRow {
        role: EventRole::Complete,
        name: "complete",
        about: "saw an item to its end",
        passive: false,
        names: &[
            "complete",
            "completed",
            "finish",
            "finished",
            "readcomplete",
            "articlecomplete",
            "videocomplete",
            "playcomplete",
            "watchcomplete",
            "contentcomplete",
            "完播",
            "读完",
            "看完",
            "播放完成",
            "阅读完成",
        ],
    },
    RoleRow {
        role: EventRole::Join,
        name: "join",
        about: "takes part in an activity",
        passive: false,
        names: &[
            "join",
            "joined",
            "eventjoin",
            "joinevent",
            "fairjoin",
            "campaignjoin",
            "joincampaign",
            "participate",
            "参与",
            "参加",
            "报名",
            "参与活动",
            "活动报名",
        ],
    },
    RoleRow {
        role: EventRole::Touch,
        name: "touch",
        about: "the product reached out: a push, a message",
        passive: true,
        names: &[
            "pushin",
            "pushsent",
            "pushreceive",
            "pushreceived",
            "pushdelivered",
            "notificationsent",
            "notificationreceive",
            "notificationreceived",
            "notificationdelivered",
            "emailsent",
            "emaildelivered",
            "smssent",
            "smsreceived",
            "smsdelivered",
            "触达",
            "推送",
            "推送下发",
            "推送到达",
            "推送送达",
            "收到推送",
            "短信发送",
            "短信送达",
            "邮件发送",
            "邮件送达",
        ],
    },
    RoleRow {
        role: EventRole::Cart,
        name: "cart",
        about: "put something aside to buy it",
        passive: false,
        names: &["addtocart", "addedtocart", "cartadd", "productadded", "加购", "加入购物车"],
    },
    RoleRow {
        role: EventRole::Checkout,
        name: "checkout",
        about: "began to pay",
        passive: false,
        names: &["checkout", "begincheckout", "checkoutstarted", "initiatecheckout", "submitorder", "下单", "提交订单"],
    },
    RoleRow {
        role: EventRole::Pay,
        name: "pay",
        about: "a payment",
        passive: false,
        names: &[
            "pay",
            "paid",
            "payment",
            "purchase",
            "purchased",
            "buy",
            "inapppurchase",
            "orderpaid",
            "payorder",
            "paysuccess",
            "paymentsuccess",
            "paymentsucceeded",
            "支付",
            "付款",
            "购买",
            "充值",
            "支付成功",
            "付款成功",
            "支付订单",
        ],
    },
    RoleRow {
        role: EventRole::PayFail,
        name: "pay_fail",
        about: "a payment that failed",
        passive: false,
        names: &[
            "payfail",
            "payfailed",
            "paymentfail",
            "paymentfailed",
            "paymentfailure",
            "purchasefailed",
            "支付失败",
            "付款失败",
        ],
    },
    RoleRow {
        role: EventRole::AdImpression,
        name: "ad_impression",
        about: "an advertisement was shown",
        passive: false,
        names: &[
            "adimpression",
            "adshow",
            "adshown",
            "adview",
            "addisplay",
            "adexposure",
            "广告曝光",
            "广告展示",
            "广告展现",
        ],
    },
    RoleRow {
        role: EventRole::AdRequest,
        name: "ad_request",
        about: "a place for an advertisement was offered",
        passive: false,
        names: &["adrequest", "adrequested", "广告请求"],
    },
    RoleRow {
        role: EventRole::AdFill,
        name: "ad_fill",
        about: "an advertisement came for a place",
        passive: false,
        names: &["adfill", "adfilled", "广告填充"],
    },
    RoleRow {
        role: EventRole::Crash,
        name: "crash",
        about: "the product broke down",
        passive: false,
        names: &["crash", "crashed", "appcrash", "appcrashed", "崩溃", "闪退", "应用崩溃"],
    },
];

impl EventRole {
    /// Every role in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        ROLES.iter().map(|row| row.role)
    }

    /// `signup`, `pay_fail`, ..
    pub fn name(self) -> &'static str {
        ROLES.iter().find(|row| row.role == self).map_or("", |row| row.name)
    }

    /// What its events say: `made an account`.
    pub fn about(self) -> &'static str {
        ROLES.iter().find(|row| row.role == self).map_or("", |row| row.about)
    }

    /// Reads a name that [`EventRole::name`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        ROLES.iter().find(|row| row.name == text).map(|row| row.role)
    }

    /// Whether events of the role are nothing that a user did, unless somebody says otherwise.
    pub fn is_passive(self) -> bool {
        ROLES.iter().any(|row| row.role == self && row.passive)
    }

    /// The role that an event name most likely has.
    pub fn guess(event: &str) -> Option<Self> {
        let name = folded(event);
        ROLES.iter().find(|row| row.names.contains(&name.as_str())).map(|row| row.role)
    }
}

impl Serialize for EventRole {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for EventRole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("no role is called {text}")))
    }
}

/// A name without case and separators; trackers put `$` before their own names.
fn folded(name: &str) -> String {
    let name = name.trim();
    let name = name.strip_prefix('$').unwrap_or(name);
    name.to_lowercase().chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_guessed_whatever_the_case_and_the_separators() {
        let guess = |name: &str| EventRole::guess(name).map(EventRole::name);
        for name in ["sign_up", "Sign Up", "SIGN-UP", "sign.up", "signUp", "$user_signed_up", "注册", " 注册 "] {
            assert_eq!(guess(name), Some("signup"), "{name}");
        }
        assert_eq!(
            [guess("purchase"), guess("支付"), guess("Payment_Failed")],
            [Some("pay"), Some("pay"), Some("pay_fail")]
        );
        assert_eq!(
            [guess("push_received"), guess("推送到达"), guess("$pageview")],
            [Some("touch"), Some("touch"), Some("view")]
        );
        // Only whole names tell: a part of one may mean anything.
        for name in ["", "_", "payment_page", "unregister", "touch", "open"] {
            assert_eq!(guess(name), None, "{name}");
        }
    }

    #[test]
    fn every_name_is_of_one_role_and_written_folded() {
        let mut names: Vec<&str> = ROLES.iter().flat_map(|row| row.names).copied().collect();
        assert!(names.iter().all(|name| folded(name) == *name));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert_eq!(EventRole::all().count(), 17);
        for role in EventRole::all() {
            assert_eq!(EventRole::parse(role.name()), Some(role));
            assert_eq!(role.is_passive(), role == EventRole::Touch);
        }
    }
}
