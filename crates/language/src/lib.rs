//! Language: zh-CN first, English complete
