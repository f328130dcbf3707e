package communications_test

// The calls of the "Create call" page of the Microsoft Graph beta reference, one example each,
// in its order: the request, its answer, and the notifications that follow. A test holds the
// requests that they print against the page. The beta can change at any time, and is not
// supported for use in production.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communications/fields"
)

// show prints what is sent for a value, indented.
func show(v communications.Value) {
	text, err := communications.Marshal(v)
	if err != nil {
		fmt.Println(err)
		return
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(indented.String())
}

// A call to one person, with media hosted by the service.
//
// It needs the permission Calls.Initiate.All. In a call to one person the bot is notified of
// changes of the state only, which can come out of order, and of content sharing if it asks
// for that, as here.
func ExampleCall_peerToPeer() {
	call := &communications.Call{
		CallbackURI: new("https://bot.contoso.com/callback"),
		Targets: []*communications.InvitationParticipantInfo{
			{
				Identity: &communications.IdentitySet{
					User: &communications.Identity{
						DisplayName: new("John"),
						ID:          new("112f7296-5fa4-42ca-bae8-6a692b15d4b8"),
					},
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		CallOptions: &communications.OutgoingCallOptions{
			CallOptions: communications.CallOptions{IsContentSharingNotificationEnabled: new(true)},
		},
		MediaConfig: &communications.ServiceHostedMediaConfig{},
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	session, _ := bot.Service.Share(created.ID) // as a participant does
	_ = bot.Service.ShareAgain(created.ID, session)
	_ = bot.Service.StopSharing(created.ID, session)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "callOptions": {
	//     "@odata.type": "#microsoft.graph.outgoingCallOptions",
	//     "isContentSharingNotificationEnabled": true
	//   },
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig"
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "targets": [
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "user": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "displayName": "John",
	//           "id": "112f7296-5fa4-42ca-bae8-6a692b15d4b8"
	//         }
	//       }
	//     }
	//   ]
	// }
	// 201 establishing true
	// call establishing
	// call established
	// content sharing created, sessions: 1
	// content sharing updated, sessions: 1
	// content sharing deleted, sessions: 1
}

// A call to one person, with media hosted by the application.
//
// It needs the permissions Calls.Initiate.All and Calls.AccessMedia.All. The blob is what the
// media platform of the bot has serialized: its sessions of audio, video and video-based
// screen sharing. In a call to one person the bot is notified of changes of the state only.
func ExampleCall_peerToPeerApplicationHosted() {
	call := &communications.Call{
		CallbackURI: new("https://bot.contoso.com/callback"),
		Source: &communications.ParticipantInfo{
			Identity: &communications.IdentitySet{
				Application: &communications.Identity{
					DisplayName: new("Calling Bot"),
					ID:          new("2891555a-92ff-42e6-80fa-6e1300c6b5c6"),
				},
			},
		},
		Targets: []*communications.InvitationParticipantInfo{
			{
				Identity: &communications.IdentitySet{
					User: &communications.Identity{
						DisplayName: new("John"),
						ID:          new("112f7296-5fa4-42ca-bae8-6a692b15d4b8"),
					},
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.AppHostedMediaConfig{
			Blob: new("<Media Session Configuration>"),
		},
	}
	// Nulls are sent only when asked for.
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoRegion)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoLanguageID)
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.appHostedMediaConfig",
	//     "blob": "<Media Session Configuration>"
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "source": {
	//     "identity": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "application": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Calling Bot",
	//         "id": "2891555a-92ff-42e6-80fa-6e1300c6b5c6"
	//       }
	//     },
	//     "region": null,
	//     "languageId": null
	//   },
	//   "targets": [
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "user": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "displayName": "John",
	//           "id": "112f7296-5fa4-42ca-bae8-6a692b15d4b8"
	//         }
	//       }
	//     }
	//   ]
	// }
	// 201 establishing true
	// call establishing
	// call established
}

// A group call, with media hosted by the service.
//
// It needs the permission Calls.InitiateGroupCall.All. A group call supports at most five VoIP
// users, and neither chat nor recording.
func ExampleCall_group() {
	call := &communications.Call{
		Direction:   communications.CallDirectionOutgoing,
		Subject:     new("Create a group call with service hosted media"),
		CallbackURI: new("https://bot.contoso.com/callback"),
		Source: &communications.ParticipantInfo{
			Identity: &communications.IdentitySet{
				Application: &communications.Identity{
					DisplayName: new("TestBot"),
					ID:          new("dd3885da-f9ab-486b-bfae-85de3d445555"),
				},
			},
		},
		Targets: []*communications.InvitationParticipantInfo{
			{
				Identity: &communications.IdentitySet{
					User: &communications.Identity{
						DisplayName: new("user1"),
						ID:          new("98da8a1a-1b87-452c-a713-65d3f10b5555"),
					},
				},
			},
			{
				Identity: &communications.IdentitySet{
					User: &communications.Identity{
						DisplayName: new("user2"),
						ID:          new("bf5aae9a-d11d-47a8-93b1-782504c95555"),
					},
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{
			MediaConfig: communications.MediaConfig{RemoveFromDefaultAudioGroup: new(false)},
		},
		TenantID: new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "direction": "outgoing",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig",
	//     "removeFromDefaultAudioGroup": false
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "source": {
	//     "identity": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "application": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "TestBot",
	//         "id": "dd3885da-f9ab-486b-bfae-85de3d445555"
	//       }
	//     }
	//   },
	//   "subject": "Create a group call with service hosted media",
	//   "targets": [
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "user": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "displayName": "user1",
	//           "id": "98da8a1a-1b87-452c-a713-65d3f10b5555"
	//         }
	//       }
	//     },
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "user": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "displayName": "user2",
	//           "id": "bf5aae9a-d11d-47a8-93b1-782504c95555"
	//         }
	//       }
	//     }
	//   ],
	//   "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: TestBot, user1, user2
}

// A group call, with media hosted by the application.
//
// It needs the permissions Calls.InitiateGroupCall.All and Calls.AccessMedia.All. A group call
// supports at most five VoIP users, and neither chat nor recording.
func ExampleCall_groupApplicationHosted() {
	call := &communications.Call{
		Direction:   communications.CallDirectionOutgoing,
		Subject:     new("Create a group call with app hosted media"),
		CallbackURI: new("https://bot.contoso.com/callback"),
		Source: &communications.ParticipantInfo{
			Identity: &communications.IdentitySet{
				Application: &communications.Identity{
					DisplayName: new("TestBot"),
					ID:          new("dd3885da-f9ab-486b-bfae-85de3d445555"),
				},
			},
		},
		Targets: []*communications.InvitationParticipantInfo{
			{
				Identity: &communications.IdentitySet{
					User: &communications.Identity{
						DisplayName: new("user1"),
						ID:          new("98da8a1a-1b87-452c-a713-65d3f10b5555"),
					},
				},
			},
			{
				Identity: &communications.IdentitySet{
					User: &communications.Identity{
						DisplayName: new("user2"),
						ID:          new("bf5aae9a-d11d-47a8-93b1-782504c95555"),
					},
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.AppHostedMediaConfig{
			MediaConfig: communications.MediaConfig{RemoveFromDefaultAudioGroup: new(false)},
			Blob:        new("<Media Session Configuration>"),
		},
		TenantID: new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "direction": "outgoing",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.appHostedMediaConfig",
	//     "removeFromDefaultAudioGroup": false,
	//     "blob": "<Media Session Configuration>"
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "source": {
	//     "identity": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "application": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "TestBot",
	//         "id": "dd3885da-f9ab-486b-bfae-85de3d445555"
	//       }
	//     }
	//   },
	//   "subject": "Create a group call with app hosted media",
	//   "targets": [
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "user": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "displayName": "user1",
	//           "id": "98da8a1a-1b87-452c-a713-65d3f10b5555"
	//         }
	//       }
	//     },
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "user": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "displayName": "user2",
	//           "id": "bf5aae9a-d11d-47a8-93b1-782504c95555"
	//         }
	//       }
	//     }
	//   ],
	//   "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: TestBot, user1, user2
}

// Joining a scheduled meeting by its organizer and chat, with media hosted by the service.
//
// It needs the permission Calls.JoinGroupCall.All, or Calls.JoinGroupCalls.Chat by
// resource-specific consent. Thread, message, organizer and tenant come from the meeting:
// [communications.CallFromMeeting] takes them from there. In a meeting the bot is notified of
// the roster, besides the state of the call.
func ExampleCall_joinMeeting() {
	call := &communications.Call{
		CallbackURI:         new("https://bot.contoso.com/callback"),
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{
			PreFetchMedia: []*communications.MediaInfo{
				{
					URI:        new("https://cdn.contoso.com/beep.wav"),
					ResourceID: new("f8971b04-b53e-418c-9222-c82ce681a582"),
				},
				{
					URI:        new("https://cdn.contoso.com/cool.wav"),
					ResourceID: new("86dc814b-c172-4428-9112-60f8ecae1edb"),
				},
			},
		},
		ChatInfo: &communications.ChatInfo{
			ThreadID:  new("19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2"),
			MessageID: new("0"),
		},
		MeetingInfo: &communications.OrganizerMeetingInfo{
			MeetingInfo: communications.MeetingInfo{AllowConversationWithoutHost: new(true)},
			Organizer: &communications.IdentitySet{
				User: &communications.Identity{
					ID:          new("5810cede-f3cc-42eb-b2c1-e9bd5d53ec96"),
					TenantID:    new("9f386a15-f9cc-445b-8106-ac85e314a07b"),
					DisplayName: new("Bob"),
				},
			},
		},
		TenantID: new("86dc81db-c112-4228-9222-63f3esaa1edb"),
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	_, _ = bot.Service.Join(created.ID, &communications.Participant{
		Info: &communications.ParticipantInfo{Identity: &communications.IdentitySet{
			User: &communications.Identity{DisplayName: new("John")},
		}},
		IsInLobby: new(false),
	})
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "chatInfo": {
	//     "messageId": "0",
	//     "threadId": "19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2"
	//   },
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig",
	//     "preFetchMedia": [
	//       {
	//         "resourceId": "f8971b04-b53e-418c-9222-c82ce681a582",
	//         "uri": "https://cdn.contoso.com/beep.wav"
	//       },
	//       {
	//         "resourceId": "86dc814b-c172-4428-9112-60f8ecae1edb",
	//         "uri": "https://cdn.contoso.com/cool.wav"
	//       }
	//     ]
	//   },
	//   "meetingInfo": {
	//     "@odata.type": "#microsoft.graph.organizerMeetingInfo",
	//     "allowConversationWithoutHost": true,
	//     "organizer": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "user": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Bob",
	//         "id": "5810cede-f3cc-42eb-b2c1-e9bd5d53ec96",
	//         "tenantId": "9f386a15-f9cc-445b-8106-ac85e314a07b"
	//       }
	//     }
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "tenantId": "86dc81db-c112-4228-9222-63f3esaa1edb"
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: Calling Bot
	// roster: Calling Bot, John
}

// Joining a scheduled meeting by the meeting id and passcode that people type.
//
// Both come from the meeting: [communications.CallFromMeetingID] takes them from there. The
// answer has the chat of the meeting, too.
func ExampleCall_joinMeetingIDWithPasscode() {
	call := &communications.Call{
		CallbackURI:         new("https://bot.contoso.com/callback"),
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{
			PreFetchMedia: []*communications.MediaInfo{
				{
					URI:        new("https://cdn.contoso.com/beep.wav"),
					ResourceID: new("f8971b04-b53e-418c-9222-c82ce681a582"),
				},
				{
					URI:        new("https://cdn.contoso.com/cool.wav"),
					ResourceID: new("86dc814b-c172-4428-9112-60f8ecae1edb"),
				},
			},
		},
		MeetingInfo: &communications.JoinMeetingIDMeetingInfo{
			JoinMeetingID: new("1234567"),
			Passcode:      new("psw123"),
		},
		TenantID: new("86dc81db-c112-4228-9222-63f3esaa1edb"),
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig",
	//     "preFetchMedia": [
	//       {
	//         "resourceId": "f8971b04-b53e-418c-9222-c82ce681a582",
	//         "uri": "https://cdn.contoso.com/beep.wav"
	//       },
	//       {
	//         "resourceId": "86dc814b-c172-4428-9112-60f8ecae1edb",
	//         "uri": "https://cdn.contoso.com/cool.wav"
	//       }
	//     ]
	//   },
	//   "meetingInfo": {
	//     "@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo",
	//     "joinMeetingId": "1234567",
	//     "passcode": "psw123"
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "tenantId": "86dc81db-c112-4228-9222-63f3esaa1edb"
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: Calling Bot
}

// Joining a scheduled meeting by its meeting id, where no passcode is needed: it is null then.
//
// The id comes from the meeting: [communications.CallFromMeetingID] takes it from there.
func ExampleCall_joinMeetingID() {
	call := &communications.Call{
		CallbackURI:         new("https://bot.contoso.com/callback"),
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{
			PreFetchMedia: []*communications.MediaInfo{
				{
					URI:        new("https://cdn.contoso.com/beep.wav"),
					ResourceID: new("f8971b04-b53e-418c-9222-c82ce681a582"),
				},
				{
					URI:        new("https://cdn.contoso.com/cool.wav"),
					ResourceID: new("86dc814b-c172-4428-9112-60f8ecae1edb"),
				},
			},
		},
		MeetingInfo: &communications.JoinMeetingIDMeetingInfo{
			JoinMeetingID: new("1234567"),
		},
		TenantID: new("86dc81db-c112-4228-9222-63f3esaa1edb"),
	}
	// Nulls are sent only when asked for.
	call.MeetingInfo.AsMeetingInfo().AdditionalData.SetNull(fields.JoinMeetingIDMeetingInfoPasscode)
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig",
	//     "preFetchMedia": [
	//       {
	//         "resourceId": "f8971b04-b53e-418c-9222-c82ce681a582",
	//         "uri": "https://cdn.contoso.com/beep.wav"
	//       },
	//       {
	//         "resourceId": "86dc814b-c172-4428-9112-60f8ecae1edb",
	//         "uri": "https://cdn.contoso.com/cool.wav"
	//       }
	//     ]
	//   },
	//   "meetingInfo": {
	//     "@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo",
	//     "joinMeetingId": "1234567",
	//     "passcode": null
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "tenantId": "86dc81db-c112-4228-9222-63f3esaa1edb"
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: Calling Bot
}

// Joining a scheduled meeting, with media hosted by the application.
//
// It needs the permission Calls.AccessMedia.All besides the one for joining a meeting.
func ExampleCall_joinMeetingApplicationHosted() {
	call := &communications.Call{
		Direction:           communications.CallDirectionOutgoing,
		CallbackURI:         new("https://bot.contoso.com/callback"),
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.AppHostedMediaConfig{
			Blob: new("<Media Session Configuration>"),
		},
		ChatInfo: &communications.ChatInfo{
			ThreadID:  new("19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2"),
			MessageID: new("0"),
		},
		MeetingInfo: &communications.OrganizerMeetingInfo{
			MeetingInfo: communications.MeetingInfo{AllowConversationWithoutHost: new(true)},
			Organizer: &communications.IdentitySet{
				User: &communications.Identity{
					ID:          new("5810cede-f3cc-42eb-b2c1-e9bd5d53ec96"),
					TenantID:    new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
					DisplayName: new("Bob"),
				},
			},
		},
		TenantID: new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "chatInfo": {
	//     "messageId": "0",
	//     "threadId": "19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2"
	//   },
	//   "direction": "outgoing",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.appHostedMediaConfig",
	//     "blob": "<Media Session Configuration>"
	//   },
	//   "meetingInfo": {
	//     "@odata.type": "#microsoft.graph.organizerMeetingInfo",
	//     "allowConversationWithoutHost": true,
	//     "organizer": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "user": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Bob",
	//         "id": "5810cede-f3cc-42eb-b2c1-e9bd5d53ec96",
	//         "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	//       }
	//     }
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: Calling Bot
}

// Joining a meeting in a channel, with media hosted by the service.
//
// It needs the permission Calls.JoinGroupCall.All. A meeting in a channel belongs to a message
// of its thread: thread, message, organizer and tenant come from the meeting, from which
// [communications.CallFromMeeting] takes them.
func ExampleCall_joinChannelMeeting() {
	call := &communications.Call{
		CallbackURI:         new("https://bot.contoso.com/callback"),
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{
			PreFetchMedia: []*communications.MediaInfo{
				{
					URI:        new("https://cdn.contoso.com/beep.wav"),
					ResourceID: new("f8971b04-b53e-418c-9222-c82ce681a582"),
				},
				{
					URI:        new("https://cdn.contoso.com/cool.wav"),
					ResourceID: new("86dc814b-c172-4428-9112-60f8ecae1edb"),
				},
			},
		},
		ChatInfo: &communications.ChatInfo{
			ThreadID:  new("19:cbee7c1c860e465f8258e3cebf7bee0d@thread.skype"),
			MessageID: new("1533758867081"),
		},
		MeetingInfo: &communications.OrganizerMeetingInfo{
			MeetingInfo: communications.MeetingInfo{AllowConversationWithoutHost: new(true)},
			Organizer: &communications.IdentitySet{
				User: &communications.Identity{
					ID:          new("5810cede-f3cc-42eb-b2c1-e9bd5d53ec96"),
					TenantID:    new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
					DisplayName: new("Bob"),
				},
			},
		},
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "chatInfo": {
	//     "messageId": "1533758867081",
	//     "threadId": "19:cbee7c1c860e465f8258e3cebf7bee0d@thread.skype"
	//   },
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig",
	//     "preFetchMedia": [
	//       {
	//         "resourceId": "f8971b04-b53e-418c-9222-c82ce681a582",
	//         "uri": "https://cdn.contoso.com/beep.wav"
	//       },
	//       {
	//         "resourceId": "86dc814b-c172-4428-9112-60f8ecae1edb",
	//         "uri": "https://cdn.contoso.com/cool.wav"
	//       }
	//     ]
	//   },
	//   "meetingInfo": {
	//     "@odata.type": "#microsoft.graph.organizerMeetingInfo",
	//     "allowConversationWithoutHost": true,
	//     "organizer": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "user": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Bob",
	//         "id": "5810cede-f3cc-42eb-b2c1-e9bd5d53ec96",
	//         "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	//       }
	//     }
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ]
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: Calling Bot
}

// Joining a meeting in a channel as a guest, with media hosted by the service.
//
// It needs the permission Calls.JoinGroupCallAsGuest.All. The bot chooses its own name and id.
// Whether guests may join depends on the tenant's settings for the meeting, and the bot may
// have to wait in the lobby. It is notified of the list of participants only after it has
// been admitted.
func ExampleCall_joinAsGuest() {
	call := &communications.Call{
		CallbackURI: new("https://bot.contoso.com/callback"),
		Source: &communications.ParticipantInfo{
			Identity: &communications.IdentitySet{
				Guest: &communications.Identity{
					DisplayName: new("Guest User"),
					ID:          new("d7a3b999-17ac-4bca-9e77-e6a730d2ec2e"),
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.ServiceHostedMediaConfig{
			PreFetchMedia: []*communications.MediaInfo{
				{
					URI:        new("https://cdn.contoso.com/beep.wav"),
					ResourceID: new("f8971b04-b53e-418c-9222-c82ce681a582"),
				},
				{
					URI:        new("https://cdn.contoso.com/cool.wav"),
					ResourceID: new("86dc814b-c172-4428-9112-60f8ecae1edb"),
				},
			},
		},
		ChatInfo: &communications.ChatInfo{
			ThreadID:  new("19:cbee7c1c860e465f8258e3cebf7bee0d@thread.skype"),
			MessageID: new("1533758867081"),
		},
		MeetingInfo: &communications.OrganizerMeetingInfo{
			MeetingInfo: communications.MeetingInfo{AllowConversationWithoutHost: new(true)},
			Organizer: &communications.IdentitySet{
				User: &communications.Identity{
					ID:          new("5810cede-f3cc-42eb-b2c1-e9bd5d53ec96"),
					TenantID:    new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
					DisplayName: new("Bob"),
				},
			},
		},
	}
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	_, _ = bot.Service.Join(created.ID, &communications.Participant{
		Info: &communications.ParticipantInfo{Identity: &communications.IdentitySet{
			User: &communications.Identity{DisplayName: new("John")},
		}},
		IsInLobby: new(false),
	})
	_ = bot.Service.Admit(created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "chatInfo": {
	//     "messageId": "1533758867081",
	//     "threadId": "19:cbee7c1c860e465f8258e3cebf7bee0d@thread.skype"
	//   },
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig",
	//     "preFetchMedia": [
	//       {
	//         "resourceId": "f8971b04-b53e-418c-9222-c82ce681a582",
	//         "uri": "https://cdn.contoso.com/beep.wav"
	//       },
	//       {
	//         "resourceId": "86dc814b-c172-4428-9112-60f8ecae1edb",
	//         "uri": "https://cdn.contoso.com/cool.wav"
	//       }
	//     ]
	//   },
	//   "meetingInfo": {
	//     "@odata.type": "#microsoft.graph.organizerMeetingInfo",
	//     "allowConversationWithoutHost": true,
	//     "organizer": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "user": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Bob",
	//         "id": "5810cede-f3cc-42eb-b2c1-e9bd5d53ec96",
	//         "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	//       }
	//     }
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "source": {
	//     "identity": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "guest": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Guest User",
	//         "id": "d7a3b999-17ac-4bca-9e77-e6a730d2ec2e"
	//       }
	//     }
	//   }
	// }
	// 201 establishing true
	// call establishing
	// call established
	// roster: Guest User (in the lobby)
	// roster: Guest User, John
}

// A call to a phone number (PSTN), with media hosted by the service.
//
// It needs the permission Calls.Initiate.All, and an application instance that a phone number
// is assigned to. The id of the instance is its object id; the application that it is linked
// to must be the one that the access token was issued to. The id of the phone is its number
// in E.164 format.
func ExampleCall_telephone() {
	call := &communications.Call{
		CallbackURI: new("https://bot.contoso.com/callback"),
		Source: &communications.ParticipantInfo{
			Identity: &communications.IdentitySet{
				ApplicationInstance: &communications.Identity{
					DisplayName: new("Calling Bot"),
					ID:          new("3d913abb-aec0-4964-8fa6-3c6850c4f278"),
				},
			},
		},
		Targets: []*communications.InvitationParticipantInfo{
			{
				Identity: &communications.IdentitySet{
					Phone: &communications.Identity{
						ID: new("+12345678901"),
					},
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig:         &communications.ServiceHostedMediaConfig{},
		TenantID:            new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
	}
	// Nulls are sent only when asked for.
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoCountryCode)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoEndpointType)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoRegion)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoLanguageID)
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.serviceHostedMediaConfig"
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "source": {
	//     "identity": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "applicationInstance": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Calling Bot",
	//         "id": "3d913abb-aec0-4964-8fa6-3c6850c4f278"
	//       }
	//     },
	//     "countryCode": null,
	//     "endpointType": null,
	//     "region": null,
	//     "languageId": null
	//   },
	//   "targets": [
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "phone": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "id": "+12345678901"
	//         }
	//       }
	//     }
	//   ],
	//   "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	// }
	// 201 establishing true
	// call establishing
	// call established
}

// A call to a phone number (PSTN), with media hosted by the application.
//
// It needs the permissions Calls.Initiate.All and Calls.AccessMedia.All, and an application
// instance that a phone number is assigned to.
func ExampleCall_telephoneApplicationHosted() {
	call := &communications.Call{
		CallbackURI: new("https://bot.contoso.com/callback"),
		Source: &communications.ParticipantInfo{
			Identity: &communications.IdentitySet{
				ApplicationInstance: &communications.Identity{
					DisplayName: new("Calling Bot"),
					ID:          new("3d913abb-aec0-4964-8fa6-3c6850c4f278"),
				},
			},
		},
		Targets: []*communications.InvitationParticipantInfo{
			{
				Identity: &communications.IdentitySet{
					Phone: &communications.Identity{
						ID: new("+12345678901"),
					},
				},
			},
		},
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig: &communications.AppHostedMediaConfig{
			Blob: new("<Media Session Configuration>"),
		},
		TenantID: new("aa67bd4c-8475-432d-bd41-39f255720e0a"),
	}
	// Nulls are sent only when asked for.
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoCountryCode)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoEndpointType)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoRegion)
	call.Source.AdditionalData.SetNull(fields.ParticipantInfoLanguageID)
	show(call)

	bot := newBot() // with a fake of the service
	defer bot.Close()
	call.CallbackURI = &bot.URL
	var response communications.Response
	created, err := bot.Communications().Calls().Create(context.Background(), call, communications.ResponseInto(&response))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status, created.State, response.Location == bot.Service.URL+"/communications/calls/"+created.ID)
	bot.Notified()
	// Output:
	// {
	//   "@odata.type": "#microsoft.graph.call",
	//   "callbackUri": "https://bot.contoso.com/callback",
	//   "mediaConfig": {
	//     "@odata.type": "#microsoft.graph.appHostedMediaConfig",
	//     "blob": "<Media Session Configuration>"
	//   },
	//   "requestedModalities": [
	//     "audio"
	//   ],
	//   "source": {
	//     "identity": {
	//       "@odata.type": "#microsoft.graph.identitySet",
	//       "applicationInstance": {
	//         "@odata.type": "#microsoft.graph.identity",
	//         "displayName": "Calling Bot",
	//         "id": "3d913abb-aec0-4964-8fa6-3c6850c4f278"
	//       }
	//     },
	//     "countryCode": null,
	//     "endpointType": null,
	//     "region": null,
	//     "languageId": null
	//   },
	//   "targets": [
	//     {
	//       "identity": {
	//         "@odata.type": "#microsoft.graph.identitySet",
	//         "phone": {
	//           "@odata.type": "#microsoft.graph.identity",
	//           "id": "+12345678901"
	//         }
	//       }
	//     }
	//   ],
	//   "tenantId": "aa67bd4c-8475-432d-bd41-39f255720e0a"
	// }
	// 201 establishing true
	// call establishing
	// call established
}
