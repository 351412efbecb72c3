package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The robots of chat groups, by the documentation of their makers (2026-11); none was
// tried against the real service.
//
//   - WeCom 企业微信, 群机器人配置说明: no signature, the key is in the address; text of at
//     most 2,048 bytes; errcode 0.
//   - DingTalk 钉钉, 自定义机器人安全设置 · 加签: timestamp in milliseconds and sign, the
//     Base64 of HMAC-SHA256 of "timestamp\nsecret", in the address; errcode 0.
//   - Feishu 飞书, 自定义机器人使用指南 · 签名校验: timestamp in seconds and sign, the Base64
//     of HMAC-SHA256 of nothing with "timestamp\nsecret" as the key, in the body; code 0.

// robotText is the longest text, in bytes, that all of them take.
const robotText = 2048

// cutText keeps a text to what robots take, at a character's end.
func cutText(s string) string {
	if len(s) <= robotText {
		return s
	}
	return strings.ToValidUTF8(s[:robotText-len("…")], "") + "…"
}

type robotContent struct {
	Content string `json:"content"`
}

type weComMessage struct {
	Type string       `json:"msgtype"`
	Text robotContent `json:"text"`
}

func weCom(text string) weComMessage { return weComMessage{"text", robotContent{cutText(text)}} }

// dingTalk's messages have WeCom's shape.
func dingTalk(text string) weComMessage { return weCom(text) }

// dingTalkURL signs the address, where the robot has a secret.
func dingTalkURL(address, secret string, now time.Time) string {
	u, err := url.Parse(address)
	if err != nil || secret == "" {
		return address
	}
	timestamp := strconv.FormatInt(now.UnixMilli(), 10)
	query := u.Query()
	query.Set("timestamp", timestamp)
	query.Set("sign", mac([]byte(secret), timestamp+"\n"+secret))
	u.RawQuery = query.Encode()
	return u.String()
}

type feishuMessage struct {
	Timestamp string `json:"timestamp,omitempty"`
	Sign      string `json:"sign,omitempty"`
	Type      string `json:"msg_type"`
	Content   struct {
		Text string `json:"text"`
	} `json:"content"`
}

// feishu signs the message, where the robot has a secret.
func feishu(text, secret string, now time.Time) feishuMessage {
	m := feishuMessage{Type: "text"}
	m.Content.Text = cutText(text)
	if secret != "" {
		m.Timestamp = strconv.FormatInt(now.Unix(), 10)
		m.Sign = mac([]byte(m.Timestamp+"\n"+secret), "")
	}
	return m
}

func mac(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// robotAnswer reads what a robot says of a message, which it does with status 200 in any
// case: refused is why it did not take it, and clear is false where the answer is not a
// robot's.
func robotAnswer(answer []byte) (refused error, clear bool) {
	var said struct {
		ErrCode *int   `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    *int   `json:"code"`
		Msg     string `json:"msg"`
	}
	switch err := json.Unmarshal(answer, &said); {
	case err != nil || said.ErrCode == nil && said.Code == nil:
		return nil, false
	case said.ErrCode != nil && *said.ErrCode != 0:
		return fmt.Errorf("errcode %d %s", *said.ErrCode, said.ErrMsg), true
	case said.Code != nil && *said.Code != 0:
		return fmt.Errorf("code %d %s", *said.Code, said.Msg), true
	}
	return nil, true
}
