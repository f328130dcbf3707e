package main

import (
	"context"
	"fmt"
	"log"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

func main() {
	service, err := communicationstest.NewService() // a simulator of the calling API on loopback
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()

	call, err := service.Client().Communications().Calls().Create(context.Background(), &communications.Call{
		CallbackURI:         new("https://bot.contoso.com/callback"),
		RequestedModalities: []communications.Modality{communications.ModalityAudio},
		MediaConfig:         &communications.ServiceHostedMediaConfig{},
		MeetingInfo:         &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new("1234567"), Passcode: new("psw")},
		TenantID:            new("86dc81db-c112-4228-9222-63f3esaa1edb"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("call", call.ID, "is", call.State)
}
