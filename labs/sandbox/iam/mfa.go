package iam

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rsc.io/qr"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

func listMFADevices(r *wire.Request, in *listMFADevicesInput) (*listMFADevicesOutput, error) {
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	var devices []*MFADevice
	for _, d := range Part.Of(r).MFA {
		if d.User == u.Name {
			devices = append(devices, d)
		}
	}
	out := &listMFADevicesOutput{}
	show := func(d *MFADevice) mfaDeviceWire {
		return mfaDeviceWire{UserName: d.User, SerialNumber: d.Serial, EnableDate: d.Enabled}
	}
	out.MFADevices, out.IsTruncated, out.Marker, err = onePage(in.Marker, in.MaxItems, devices, show)
	return out, err
}

func listVirtualMFADevices(r *wire.Request, in *listVirtualMFADevicesInput) (*listVirtualMFADevicesOutput, error) {
	var devices []*MFADevice
	status := cmp.Or(wire.Value(in.AssignmentStatus), "Any")
	for _, d := range Part.Of(r).MFA {
		if d.virtual() && (status == "Any" || (status == "Assigned") == (d.User != "")) {
			devices = append(devices, d)
		}
	}
	out := &listVirtualMFADevicesOutput{}
	var err error
	show := func(d *MFADevice) virtualMFADeviceWire { return describeVirtualMFADevice(r, d) }
	out.VirtualMFADevices, out.IsTruncated, out.Marker, err = onePage(in.Marker, in.MaxItems, devices, show)
	return out, err
}

func describeVirtualMFADevice(r *wire.Request, d *MFADevice) virtualMFADeviceWire {
	w := virtualMFADeviceWire{SerialNumber: d.Serial, EnableDate: d.Enabled}
	if u, err := findUser(r, d.User); err == nil {
		w.User = new(describeUser(r, u))
	}
	return w
}

// createVirtualMFADevice makes a device. An authenticator app can be enrolled by its picture.
func createVirtualMFADevice(r *wire.Request, in *createVirtualMFADeviceInput) (*createVirtualMFADeviceOutput, error) {
	serial := arnOf(r, "mfa", cmp.Or(wire.Value(in.Path), "/"), in.VirtualMFADeviceName)
	if slices.ContainsFunc(Part.Of(r).MFA, func(d *MFADevice) bool { return d.Serial == serial }) {
		return nil, alreadyExists("MFADevice entity", in.VirtualMFADeviceName)
	}
	seed := r.Token(32)
	picture, err := enrolment(in.VirtualMFADeviceName+"@"+r.AccountID(), seed)
	if err != nil {
		return nil, err
	}
	Part.Of(r).MFA = append(Part.Of(r).MFA, &MFADevice{Serial: serial})
	return &createVirtualMFADeviceOutput{VirtualMFADevice: virtualMFADeviceWire{
		SerialNumber: serial, Base32StringSeed: []byte(seed), QRCodePNG: picture,
	}}, nil
}

// enrolment is the QR code by which an authenticator app learns a seed. It says that the device is for practice.
// https://github.com/google/google-authenticator/wiki/Key-Uri-Format
func enrolment(account, seed string) ([]byte, error) {
	const issuer = "labcheck practice"
	address := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account,
		RawQuery: "secret=" + seed + "&issuer=" + url.PathEscape(issuer),
	}
	code, err := qr.Encode(address.String(), qr.M)
	if err != nil {
		return nil, fmt.Errorf("the QR code of %s: %w", account, err)
	}
	return code.PNG(), nil
}

var authenticationCode = regexp.MustCompile(`^\d{6}$`)

// enableMFADevice assigns a device. Any two different codes of six digits are good.
func enableMFADevice(r *wire.Request, in *enableMFADeviceInput) (*wire.None, error) {
	u, err := findUser(r, in.UserName)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(Part.Of(r).MFA, func(d *MFADevice) bool { return d.Serial == in.SerialNumber })
	if i < 0 {
		return nil, noSuchEntity("VirtualMFADevice with serial number %s does not exist.", in.SerialNumber)
	}
	device := Part.Of(r).MFA[i]
	if device.User != "" {
		return nil, alreadyExists("MFA device", strings.TrimPrefix(in.SerialNumber, "arn:aws:iam::"+r.AccountID()+":mfa/"))
	}
	code1, code2 := in.AuthenticationCode1, in.AuthenticationCode2
	if !authenticationCode.MatchString(code1) || !authenticationCode.MatchString(code2) || code1 == code2 {
		return nil, &wire.Error{
			Code: "InvalidAuthenticationCode",
			Message: "Authentication code for device is not valid. (The practice account takes any two different codes " +
				"of six digits.)",
			Status: http.StatusForbidden,
		}
	}
	device.User, device.Enabled = u.Name, wire.At(r.Now)
	return &wire.None{}, nil
}
