package oai

import "encoding/xml"

// The answer as OAI-PMH.xsd and oai_dc.xsd have it.
type (
	answer struct {
		XMLName  xml.Name `xml:"http://www.openarchives.org/OAI/2.0/ OAI-PMH"`
		XSI      string   `xml:"xmlns:xsi,attr"`
		Location string   `xml:"xsi:schemaLocation,attr"`
		Date     string   `xml:"responseDate"`
		Request  request  `xml:"request"`
		Errors   []fault  `xml:"error"`

		Identify            *identify            `xml:"Identify"`
		ListMetadataFormats *listMetadataFormats `xml:"ListMetadataFormats"`
		ListSets            *listSets            `xml:"ListSets"`
		GetRecord           *getRecord           `xml:"GetRecord"`
		ListIdentifiers     *listIdentifiers     `xml:"ListIdentifiers"`
		ListRecords         *listRecords         `xml:"ListRecords"`
	}
	request struct {
		Verb       string `xml:"verb,attr,omitempty"`
		Identifier string `xml:"identifier,attr,omitempty"`
		Prefix     string `xml:"metadataPrefix,attr,omitempty"`
		From       string `xml:"from,attr,omitempty"`
		Until      string `xml:"until,attr,omitempty"`
		Set        string `xml:"set,attr,omitempty"`
		Token      string `xml:"resumptionToken,attr,omitempty"`
		URL        string `xml:",chardata"`
	}
	fault struct {
		Code string `xml:"code,attr"`
		Text string `xml:",chardata"`
	}
	identify struct {
		Name        string `xml:"repositoryName"`
		BaseURL     string `xml:"baseURL"`
		Version     string `xml:"protocolVersion"`
		Email       string `xml:"adminEmail"`
		Earliest    string `xml:"earliestDatestamp"`
		Deleted     string `xml:"deletedRecord"`
		Granularity string `xml:"granularity"`
	}
	listMetadataFormats struct {
		Formats []metadataFormat `xml:"metadataFormat"`
	}
	metadataFormat struct {
		Prefix    string `xml:"metadataPrefix"`
		Schema    string `xml:"schema"`
		Namespace string `xml:"metadataNamespace"`
	}
	listSets struct {
		Sets []set `xml:"set"`
	}
	set struct {
		Spec string `xml:"setSpec"`
		Name string `xml:"setName"`
	}
	getRecord struct {
		Record record `xml:"record"`
	}
	listIdentifiers struct {
		Headers []header `xml:"header"`
		Token   *token   `xml:"resumptionToken"`
	}
	listRecords struct {
		Records []record `xml:"record"`
		Token   *token   `xml:"resumptionToken"`
	}
	record struct {
		Header   header    `xml:"header"`
		Metadata *metadata `xml:"metadata"`
	}
	header struct {
		Status     string   `xml:"status,attr,omitempty"`
		Identifier string   `xml:"identifier"`
		Datestamp  string   `xml:"datestamp"`
		Sets       []string `xml:"setSpec"`
	}
	metadata struct {
		DC dublinCore `xml:"oai_dc:dc"`
	}
	dublinCore struct {
		OAI      string `xml:"xmlns:oai_dc,attr"`
		DC       string `xml:"xmlns:dc,attr"`
		Location string `xml:"xsi:schemaLocation,attr"`
		Elements []element
	}
	element struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	}
	token struct {
		Size   int    `xml:"completeListSize,attr"`
		Cursor int    `xml:"cursor,attr"`
		Text   string `xml:",chardata"`
	}
)
