package names

import (
	"strings"
	"testing"

	"github.com/callgen/callgen/spec/edm"
	"github.com/stretchr/testify/assert"
)

func TestPascal(t *testing.T) {
	for name, want := range map[string]string{
		"call": "Call", "callbackUri": "CallbackURI", "id": "ID", "ids": "IDs", "request-id": "RequestID",
		"client-request-id": "ClientRequestID", "joinMeetingIdMeetingInfo": "JoinMeetingIDMeetingInfo",
		"localIPAddress": "LocalIPAddress", "v4_0_3": "V4_0_3", "v10_21H1": "V10_21H1", "alerts_v2": "AlertsV2",
		"sp800_53": "Sp800_53", "_id": "ID", "type": "Type", "Completed": "Completed", "ssl3_0": "Ssl3_0",
		"sendDtmfTones": "SendDTMFTones", "InnerError": "InnerError", "1": "X1", "-": "X",
		"remote_Control_Software": "RemoteControlSoftware", "partners.billing": "PartnersBilling", "URLPath": "URLPath", "ünïcode": "Ünïcode", "名前": "X名前", "5qi": "X5qi", "": "X",
	} {
		assert.Equal(t, want, Pascal(name), name)
	}
}

func TestTypeNamesCarryTheirNamespace(t *testing.T) {
	for _, test := range []struct {
		main string
		name edm.QName
		want string
	}{
		{graph, edm.QName{Namespace: "microsoft.graph", Name: "call"}, "Call"},
		{graph, edm.QName{Namespace: "microsoft.graph.callRecords", Name: "session"}, "CallRecordsSession"},
		{graph, edm.QName{Namespace: "com.contoso.sales", Name: "order"}, "SalesOrder"},
		{"com.contoso.sales", edm.QName{Namespace: "com.contoso.sales", Name: "order"}, "Order"},
		{"com.contoso.sales", edm.QName{Namespace: "com.contoso.sales.archive", Name: "order"}, "ArchiveOrder"},
		{"", edm.QName{Namespace: "Chassis", Name: "Chassis"}, "Chassis"},
		{"", edm.QName{Namespace: "Chassis.v1_2_0", Name: "Chassis"}, "ChassisV1_2_0"},
		{"", edm.QName{Namespace: "Chassis.v1_2_0", Name: "Links"}, "ChassisV1_2_0Links"},
	} {
		table := &Table{main: test.main}
		assert.Equal(t, test.want, table.qualified(test.name, Pascal), "%s, main namespace %q", test.name, test.main)
	}
}

func TestApart(t *testing.T) {
	for name, want := range map[string]string{
		"_summary": "X_Summary", "remote_Control_Software": "Remote_Control_Software", "+1": "Plus1", "-1": "Minus1", "foo_bar": "Foo_Bar",
		"a-b": "A_B", "": "X", "_": "X_", "ünï_x": "Ünï_X", "名_前": "X名_前",
	} {
		assert.Equal(t, want, apart(name), name)
	}
}

func TestParameters(t *testing.T) {
	assert.Equal(t, []string{"id", "typeKey", "bKey", "stringKey", "callID", "idKey2"},
		Parameters([]string{"id", "type", "b", "string", "callId", "ID"}, "b", "ctx", "idKey"))
}

func TestFile(t *testing.T) {
	for name, want := range map[string]string{
		"complex_linux": "complex_linux_go", "enums_windows": "enums_windows_go", "entities_amd64": "entities_amd64_go", "entities_js_wasm": "entities_js_wasm_go",
		"entities_test": "entities_test_go", "entities_l": "entities_l", "requests": "requests", "entities_linux_l": "entities_linux_l",
	} {
		assert.Equal(t, want, File(name))
	}
	assert.LessOrEqual(t, len(File("entities_"+strings.Repeat("ü", 200))), 100)
}
