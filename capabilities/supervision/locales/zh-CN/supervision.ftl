# 业务 supervision 的文字
supervision-title = Supervision
problem-supervision-title-empty = 请填写标题。
problem-supervision-not-open = 已经办结，不能再改。
