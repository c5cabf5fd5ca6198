"""The catalogue of problems: the only table from the code of an error to its HTTP status."""
# ruff: noqa: E501 - rows of texts read best one to a line, Chinese and English side by side

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label

FALLBACK: Final = "refused"
INTERNAL: Final = "internal_error"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its name, and what a caller can do about it."""

    code: str
    status: int
    title: Label
    way_out: Label


_ROWS: Final = (
    Kind("broken_json", 400, Label("请求体不是有效的JSON", "The body is not valid JSON"), Label("请检查引号、逗号和编码(UTF-8)后重新发送", "Check quotes, commas and the encoding (UTF-8), then send it again")),
    Kind("broken_http", 400, Label("请求不是有效的HTTP", "The request is not valid HTTP"), Label("请检查客户端或代理", "Check the client or the proxy in between")),
    Kind("too_deep", 400, Label("请求体嵌套过深", "The body is nested too deeply"), Label("请按 /openapi.json 中的结构发送", "Send what /openapi.json describes")),
    Kind("invalid_request", 400, Label("令牌请求有误", "The request for a token cannot be read"), Label("请按 error_description 更正(RFC 6749)", "Correct it as error_description says (RFC 6749)")),
    Kind("invalid_client", 400, Label("系统身份未通过核验", "The system did not prove who it is"), Label("请按 error_description 更正断言或登记的公钥", "Correct the assertion, or the key that is registered, as error_description says")),
    Kind("unsupported_grant_type", 400, Label("不支持的授权方式", "This grant is not offered"), Label("请使用 client_credentials", "Use client_credentials")),
    Kind("invalid_scope", 400, Label("不支持 scope", "There are no scopes to ask for"), Label("请不要发送 scope", "Send no scope")),
    Kind("token_missing", 401, Label("缺少访问令牌", "No access token"), Label("请在 Authorization 头中发送 Bearer 令牌", "Send a bearer token in the Authorization header")),
    Kind("token_malformed", 401, Label("访问令牌无法识别", "The access token cannot be read"), Label("请重新登录获取令牌", "Sign in again for a new token")),
    Kind("token_expired", 401, Label("访问令牌已过期", "The access token has expired"), Label("请重新登录获取令牌", "Sign in again for a new token")),
    Kind("token_invalid", 401, Label("访问令牌无效", "The access token is not valid"), Label("请确认令牌由本服务信任的签发方签发", "Use a token of the issuer this service trusts")),
    Kind("certificate_refused", 401, Label("客户端证书不被接受", "The client certificate is not taken"), Label("客户端证书须经受信任的代理转发，且只转发一次；见 docs/identity.md", "A certificate is passed on by a trusted proxy alone, once, and readable; see docs/identity.md")),
    Kind("insufficient_user_authentication", 401, Label("登录强度或时效不足", "You have to sign in again"), Label("请按 facts 中的 acr_values、max_age 重新登录后再试(RFC 9470)", "Sign in again as facts say: acr_values is how strongly, max_age how many seconds ago at most (RFC 9470)")),
    Kind("person_unknown", 403, Label("账号未登记或已停用", "The account is unknown or deactivated"), Label("请联系所在组织的管理员", "Ask the administrator of your organization")),
    Kind("membership_required", 403, Label("请选择以哪一组织身份办理", "Say for which organization you act"), Label("请在 Mediation-Acting-As 头中填写您任职组织的标识", "Name one of your organizations in the Mediation-Acting-As header")),
    Kind("representation_refused", 403, Label("不能代该人员办理", "You may not act on behalf of this person"), Label("原因见 facts.reason;规则见 docs/identity.md", "facts.reason says why; the rule is in docs/identity.md")),
    Kind("not_permitted", 403, Label("您的角色不能办理此事项", "Your role may never do this"), Label("请由有权限的人员办理", "Ask somebody whose role may do it")),
    Kind("not_found", 404, Label("未找到,或您无权查看", "Not found, or not visible to you"), Label("请核对标识,或确认您与该案件的关系", "Check the id, or your relation to the case")),
    Kind("route_unknown", 404, Label("没有这个地址", "There is no such address"), Label("全部操作见 /docs", "Every operation is listed at /docs")),
    Kind("step_unknown", 404, Label("没有这个步骤", "There is no such step"), Label("全部步骤见 /v1/procedure", "Every step is listed at /v1/procedure")),
    Kind("method_not_allowed", 405, Label("该地址不支持此方法", "This address does not take this method"), Label("可用方法见 Allow 头", "The methods it takes are in the Allow header")),
    Kind("origin_not_allowed", 403, Label("该网页来源未获准跨域调用", "Pages of this origin may not call this service"), Label("请由运维人员将来源加入 MEDIATION_CORS_ORIGINS", "Whoever runs the service adds the origin to MEDIATION_CORS_ORIGINS")),
    Kind("too_slow", 408, Label("请求未能及时送达", "The request did not arrive in time"), Label("请在网络通畅后重新发送", "Send it again over a better connection")),
    Kind("step_not_open", 409, Label("当前状态不能办理此步骤", "This step does not leave the current state"), Label("当前可办理的步骤见 GET /v1/cases/{case_id}/steps", "The steps open now are at GET /v1/cases/{case_id}/steps")),
    Kind("step_blocked", 409, Label("办理条件尚未满足", "The conditions of this step are not met yet"), Label("逐项处理 blockers 中列明的原因", "Lift each of the blockers listed")),
    Kind("conflict", 409, Label("与现有资料冲突", "It conflicts with what is on file"), Label("请重新读取后核对", "Read again and compare")),
    Kind("last_administrator", 409, Label("该组织没有其他系统管理员", "Nobody else administers this body"), Label("请先为他人设定系统管理员，或由运维人员执行 mediation organization appoint", "First make somebody else its administrator, or have whoever runs the service do so: mediation organization appoint")),
    Kind("roles_apart", 409, Label("三员须由不同人员担任", "Three administrators are three people"), Label("请先结束 facts.membership_id 所指的任职，或另择人员", "End the membership named by facts.membership_id first, or choose somebody else")),
    Kind(FALLBACK, 409, Label("不能办理", "Refused"), Label("请查看 detail 中的说明", "See detail")),
    Kind("version_conflict", 412, Label("资料已被他人更新", "It has changed since you read it"), Label("请重新读取,以新的 ETag 再次提交", "Read it again and send the new ETag")),
    Kind("body_too_large", 413, Label("请求体过大", "The body is too large"), Label("请分次提交", "Send it in parts")),
    Kind("target_too_long", 414, Label("地址过长", "The address is too long"), Label("请缩短查询条件", "Ask with fewer filters")),
    Kind("unsupported_media_type", 415, Label("请求体须为 application/json", "The body must be application/json"), Label("请设置 Content-Type: application/json", "Set Content-Type: application/json")),
    Kind("invalid_input", 422, Label("输入有误", "The input cannot be taken"), Label("按 errors 中逐项的提示更正", "Correct each value named in errors")),
    Kind("idempotency_key_reused", 422, Label("该幂等键已用于另一请求", "This Idempotency-Key was used for a different request"), Label("新的请求请使用新的键", "Use a new key for a new request")),
    Kind("version_required", 428, Label("须说明所依据的版本", "Say which version you have read"), Label("请发送 If-Match,或在请求体中填写 expected_version", "Send If-Match, or expected_version in the body")),
    Kind("rate_limited", 429, Label("请求过于频繁", "Too many requests"), Label("请按 Retry-After 稍后重试;余量见 RateLimit 头", "Try again after Retry-After; the RateLimit field says what is left")),
    Kind("headers_too_large", 431, Label("请求头过大", "The headers are too large"), Label("请减少请求头", "Send fewer or shorter headers")),
    Kind(INTERNAL, 500, Label("服务内部错误", "Something went wrong in the service"), Label("请稍后重试;仍不成功时请提供 request_id", "Try again later; if it persists, report the request_id")),
    Kind("busy", 503, Label("服务繁忙", "The service is busy"), Label("请按 Retry-After 稍后重试", "Try again after Retry-After")),
    Kind("keys_unavailable", 503, Label("暂时无法使用密钥服务", "The key service does not answer"), Label("不涉及密文的操作不受影响;请按 Retry-After 稍后重试", "What needs no sealed data goes on; try again after Retry-After")),
    Kind("not_ready", 503, Label("服务尚未就绪", "The service is not ready"), Label("请按 Retry-After 稍后重试", "Try again after Retry-After")),
    Kind("issuer_unreachable", 503, Label("暂时无法核验令牌", "Tokens cannot be verified at the moment"), Label("请按 Retry-After 稍后重试", "Try again after Retry-After")),
)  # fmt: skip

CATALOGUE: Final[Mapping[str, Kind]] = MappingProxyType({row.code: row for row in _ROWS})

AT_ANY_OPERATION: Final = (
    "internal_error",
    "busy",
    "keys_unavailable",
    "not_ready",
    "issuer_unreachable",
    "method_not_allowed",
    "rate_limited",
)


def type_of(code: str) -> str:
    """Give the stable URL that names a kind of problem."""
    return f"/v1/problems/{code}"


def codes_of(status: int) -> tuple[str, ...]:
    """List the codes that come with a status."""
    return tuple(row.code for row in _ROWS if row.status == status)
