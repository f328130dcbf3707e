package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/callgen/callgen/examples/redfish/redfish"
)

// powerCycle turns a computer off and on, and waits until it is on again.
func powerCycle(ctx context.Context, client *redfish.Client, id string, out io.Writer) error {
	system, err := computer(ctx, client, id)
	if err != nil {
		return err
	}
	how := redfish.ResourceResetTypePowerCycle
	if allowed := redfish.AllowedValues(system.Actions, "#ComputerSystem.Reset", "ResetType"); allowed != nil && !slices.Contains(allowed, string(how)) {
		how = redfish.ResourceResetTypeForceRestart
	}
	answer, err := system.Actions.Reset(ctx, client, redfish.ComputerSystemActionsResetParameters{ResetType: how})
	if err != nil {
		return err
	}
	if _, err := answer.Wait(ctx, nil); err != nil { // some controllers answer with a task
		return err
	}
	wasOff := false
	state := system.PowerState
	get := func(ctx context.Context) (*redfish.ComputerSystem, error) {
		return redfish.Follow[*redfish.ComputerSystem](ctx, client, redfish.LinksOf(system, "").ID)
	}
	_, err = redfish.WaitFor(ctx, get, func(now *redfish.ComputerSystem) bool {
		if now.PowerState != state {
			state = now.PowerState
			fmt.Fprintln(out, system.ID, "is", state)
		}
		wasOff = wasOff || state != redfish.ResourcePowerStateOn
		again := now.LastResetTime != nil && (system.LastResetTime == nil || now.LastResetTime.After(*system.LastResetTime))
		return state == redfish.ResourcePowerStateOn && (wasOff || again)
	})
	return err
}

// computer returns the computer with an id.
func computer(ctx context.Context, client *redfish.Client, id string) (*redfish.ComputerSystem, error) {
	root, err := redfish.ReadServiceRoot(ctx, client)
	if err != nil {
		return nil, err
	}
	var ids []string
	for system, err := range root.Systems.All(ctx, client) {
		if err != nil {
			return nil, err
		}
		if system.ID == id {
			return system, nil
		}
		ids = append(ids, system.ID)
	}
	return nil, fmt.Errorf("there is no computer %q, but %q", id, ids)
}

// tag gives a computer an asset tag. If someone else changes the computer at the same time, it is
// read again.
func tag(ctx context.Context, client *redfish.Client, id, tag string) error {
	for {
		system, err := computer(ctx, client, id)
		if err != nil {
			return err
		}
		_, err = redfish.UpdateEntity(ctx, client, system, &redfish.ComputerSystem{AssetTag: new(tag)})
		if !redfish.IsPreconditionFailed(err) {
			return err
		}
	}
}
