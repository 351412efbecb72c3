package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAFilesAddressWithCapitalsLeadsToTheFile(t *testing.T) {
	file := lowered(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.Path)) }))
	for target, want := range map[string]string{
		"/cases/Ye-Shi.docx":                   "/cases/ye-shi.docx",
		"/cases/ye-shi.DOCX":                   "/cases/ye-shi.docx",
		"/cases/YE-SHI.Pdf?form=exchange&a=B":  "/cases/ye-shi.pdf?form=exchange&a=B",
		"/collections/2025.XLSX":               "/collections/2025.xlsx",
		"/calls/Zhengji/Campaign.xlsx":         "/calls/zhengji/campaign.xlsx",
		"/cases/%E4%B8%AD%2FA.docx":            "/cases/%E4%B8%AD/a.docx",
		"/cases/ye-shi.docx":                   "",
		"/cases/ye-shi.docx?form=EXCHANGE":     "",
		"/calls/zhengji/campaign.xlsx?state=S": "",
	} {
		w := httptest.NewRecorder()
		file.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://jisi.example"+target, nil))
		if got := w.Header().Get("Location"); got != want || (w.Code == http.StatusPermanentRedirect) != (want != "") {
			t.Errorf("%s leads to %q with %d, want %q", target, got, w.Code, want)
		}
	}
}
