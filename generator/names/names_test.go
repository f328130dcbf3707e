package names

import (
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
		"remote_Control_Software": "RemoteControlSoftware", "partners.billing": "PartnersBilling", "URLPath": "URLPath",
	} {
		assert.Equal(t, want, Pascal(name), name)
	}
}

func TestTypeNamesCarryTheirNamespace(t *testing.T) {
	o := Overrides{"microsoft.graph.security.action": {Name: "SecurityActionType", Reason: "test"}}
	for q, want := range map[edm.QName]string{
		{Namespace: "microsoft.graph", Name: "call"}:                "Call",
		{Namespace: "microsoft.graph.callRecords", Name: "session"}: "CallRecordsSession",
		{Namespace: "microsoft.graph.security", Name: "alert"}:      "SecurityAlert",
		{Namespace: "microsoft.graph.security", Name: "action"}:     "SecurityActionType",
		{Namespace: "com.contoso.sales", Name: "order"}:             "SalesOrder",
	} {
		assert.Equal(t, want, o.Type(q), q.String())
	}
	assert.Equal(t, "State", o.Part(edm.QName{Namespace: "microsoft.graph", Name: "call"}, "state"))
}

func TestFilesAreOfNoSystem(t *testing.T) {
	for namespace, want := range map[string]string{
		"microsoft.graph": "", "microsoft.graph.callRecords": "callrecords",
		"org.linux": "linux_", "org.Windows": "windows_", "a.arm64": "arm64_", "a.test": "test_", "a.linuxes": "linuxes",
	} {
		assert.Equal(t, want, File(namespace))
	}
}
