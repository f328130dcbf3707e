package simulator

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAlternateKeys(t *testing.T) {
	m := callingAPI(t)
	for path, values := range map[string]map[string]string{
		"/communications/onlineMeetings(joinWebUrl='https%3A%2F%2Fa.b%2Fc')":               {"joinWebUrl": "https://a.b/c"},
		"/communications/onlineMeetings(joinWebUrl='it''s')":                               {"joinWebUrl": "it's"},
		"/communications/onlineMeetings(joinMeetingId='1')":                                {"joinMeetingIdSettings/joinMeetingId": "1"},
		"/communications/onlineMeetings(joinMeetingId=1)/recordings/2":                     {"joinMeetingIdSettings/joinMeetingId": "1"},
		"/communications/onlineMeetings(joinWebUrl='a')/getVirtualAppointmentJoinWebUrl()": {"joinWebUrl": "a"},
		"/communications/onlineMeetings(subject='a')":                                      nil,
		"/communications/onlineMeetings(joinWebUrl='a',joinMeetingId='b')":                 nil,
		"/communications/onlineMeetings(joinWebUrl='a'b)":                                  nil,
		"/communications/onlineMeetings(joinWebUrl='a)":                                    nil,
		"/communications/onlineMeetings(joinWebUrl)":                                       nil,
		"/communications/onlineMeetings()":                                                 nil,
		"/communications/calls(joinWebUrl='a')":                                            nil,
		"/communications/none(joinWebUrl='a')":                                             nil,
	} {
		target, err := check(m, checked{Method: "GET", Path: path})
		if values == nil {
			assert.Error(t, err, path)
			continue
		}
		require.NoError(t, err, path)
		assert.Equal(t, &alternateKey{Segment: 1, Values: values}, target.Alternate, path)
	}
}
