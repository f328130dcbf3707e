package simulator

// ending is why a call or an operation ended, as a resultInfo of the service has it. The codes
// are those that people have reported; those without a report are the ones of SIP.
type ending struct {
	code, subcode int
	message       string
	reason        string // terminationReason
}

func (e ending) info() object {
	return object{"@odata.type": "#microsoft.graph.resultInfo", "code": e.code, "subcode": e.subcode, "message": e.message}
}

func byBot() ending {
	return ending{200, 7000, "Call ended by the bot. DiagCode: 200#7000.@", "AppTerminated"}
}

func rejected() ending {
	return ending{200, 10550, "Call rejected by the bot. DiagCode: 200#10550.@", "AppRejected"}
}

func byOther() ending {
	return ending{200, 4521, "Call ended by the other side. DiagCode: 200#4521.@", "UserTerminated"}
}

func removed() ending {
	return ending{200, 5300, "Removed by another participant. DiagCode: 200#5300.@", "Removed"}
}

func transferred() ending {
	return ending{200, 7015, "GracefulTransferCompleted. DiagCode: 200#7015.@", "AppTransferred"}
}

func redirected() ending {
	return ending{200, 0, "Call redirected. DiagCode: 200#0.@", "AppRedirected"}
}

func lobbyTimedOut() ending {
	return ending{200, 5855, "Nobody admitted the bot from the lobby. DiagCode: 200#5855.@", "LobbyTimeout"}
}

func notKeptAlive() ending {
	return ending{408, 8537, "Cleaned up as inactive. DiagCode: 408#8537.@", "Timeout"}
}

func notAnswered() ending {
	return ending{408, 1106, "Not answered in time. DiagCode: 408#1106.@", "Timeout"}
}

func nobodyAnswered() ending {
	return ending{408, 10057, "Nothing came from the callee. DiagCode: 408#10057.@", "NoAnswer"}
}

func unreachable() ending {
	return ending{480, 10037, "No endpoint of the callee was found. DiagCode: 480#10037.@", "Unreachable"}
}

func declined() ending { return ending{603, 0, "Declined. DiagCode: 603#0.@", "Declined"} }

func isBusy() ending { return ending{486, 0, "Busy here. DiagCode: 486#0.@", "Busy"} }

func notTaken() ending {
	return ending{500, 7106, "The bot did not take the call. DiagCode: 500#7106.@", "BotUnreachable"}
}

func completed() ending { return ending{200, 0, "Action completed successfully.", ""} }

func canceled() ending { return ending{400, 8508, "Action failed, the operation was cancelled.", ""} }

func longestRecording() ending {
	return ending{200, 8515, "Action completed, the longest recording was reached.", ""}
}
