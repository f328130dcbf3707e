package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/callgen/callgen/examples/redfish/redfish"
)

// inventory prints a line for each chassis of the service.
func inventory(ctx context.Context, client *redfish.Client, out io.Writer) error {
	root, err := redfish.ReadServiceRoot(ctx, client)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CHASSIS\tMODEL\tSERIAL\tPOWER\tBIOS\tFIRMWARE\t°C\tWATTS\tFAULTS")
	for chassis, err := range root.Chassis.All(ctx, client) {
		if err != nil {
			fmt.Fprintf(table, "?\t\t\t\t\t\t\t\t%v\n", err)
			continue
		}
		l := lineOf(ctx, client, chassis)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			chassis.ID, text(chassis.Model), text(chassis.SerialNumber), cmp.Or(l.power, "-"), cmp.Or(l.bios, "-"), cmp.Or(l.firmware, "-"),
			cmp.Or(l.celsius, "-"), cmp.Or(l.watts, "-"), cmp.Or(strings.Join(l.faults, "; "), "-"))
	}
	return table.Flush()
}

// line is what other documents say of a chassis.
type line struct {
	power, bios, firmware, celsius, watts string
	faults                                []string
}

// lineOf reads what a chassis links to. What cannot be read is among the faults.
func lineOf(ctx context.Context, client *redfish.Client, chassis *redfish.Chassis) *line {
	l := new(line)
	l.health("chassis", chassis.Status)
	if chassis.Links != nil {
		for system, err := range redfish.FollowLinks(ctx, client, chassis.Links.ComputerSystems) {
			if l.read(err) {
				l.power, l.bios = string(system.PowerState), text(system.BiosVersion)
				l.health("computer "+system.ID, system.Status)
			}
		}
		for manager, err := range redfish.FollowLinks(ctx, client, chassis.Links.ManagedBy) {
			if l.read(err) {
				l.firmware = text(manager.FirmwareVersion)
				l.health("controller "+manager.ID, manager.Status)
			}
		}
	}
	l.temperatures(ctx, client, chassis)
	l.electricity(ctx, client, chassis)
	return l
}

// temperatures notes the highest temperature, and sensors that need attention.
func (l *line) temperatures(ctx context.Context, client *redfish.Client, chassis *redfish.Chassis) {
	highest := 0.0
	for sensor, err := range chassis.Sensors.All(ctx, client) {
		if !l.read(err) {
			continue
		}
		l.health("sensor "+sensor.ID, sensor.Status)
		for _, member := range sensor.AdditionalData.Mismatched() { // such as "N/A" where a number should be
			raw, _ := sensor.AdditionalData.Get(redfish.Property(member))
			l.faults = append(l.faults, fmt.Sprintf("sensor %s has the %s %s", sensor.ID, member, raw))
		}
		if sensor.ReadingType != redfish.SensorReadingTypeTemperature || sensor.Reading == nil {
			continue
		}
		if celsius, err := sensor.Reading.Float64(); err == nil && (l.celsius == "" || celsius > highest) {
			highest, l.celsius = celsius, string(*sensor.Reading)
		}
	}
}

// electricity notes the power that a chassis takes, and power supplies that need attention.
func (l *line) electricity(ctx context.Context, client *redfish.Client, chassis *redfish.Chassis) {
	if chassis.EnvironmentMetrics != nil {
		metrics, err := redfish.FollowLink(ctx, client, chassis.EnvironmentMetrics)
		if l.read(err) && metrics.PowerWatts != nil && metrics.PowerWatts.Reading != nil {
			l.watts = string(*metrics.PowerWatts.Reading)
		}
	}
	if chassis.PowerSubsystem == nil {
		return
	}
	power, err := redfish.FollowLink(ctx, client, chassis.PowerSubsystem)
	if !l.read(err) {
		return
	}
	for supply, err := range power.PowerSupplies.All(ctx, client) {
		if l.read(err) {
			l.health("power supply "+supply.ID, supply.Status)
		}
	}
}

// read reports whether a document was read, and notes why not.
func (l *line) read(err error) bool {
	if err != nil {
		l.faults = append(l.faults, err.Error())
	}
	return err == nil
}

// health notes what needs attention.
func (l *line) health(of string, status *redfish.ResourceStatus) {
	if status != nil && status.Health != "" && !status.Health.Is(redfish.ResourceHealthOK) {
		l.faults = append(l.faults, fmt.Sprintf("%s: %s", of, status.Health))
	}
}

func text(s *string) string {
	if s == nil || *s == "" {
		return "-"
	}
	return *s
}
