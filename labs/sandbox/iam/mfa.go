package iam

import (
	"bytes"
	"cmp"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"slices"
	"strings"

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

// createVirtualMFADevice makes a device. Its picture is a blank square: no authenticator app can be enrolled here.
func createVirtualMFADevice(r *wire.Request, in *createVirtualMFADeviceInput) (*createVirtualMFADeviceOutput, error) {
	serial := arnOf(r, "mfa", cmp.Or(wire.Value(in.Path), "/"), in.VirtualMFADeviceName)
	if slices.ContainsFunc(Part.Of(r).MFA, func(d *MFADevice) bool { return d.Serial == serial }) {
		return nil, alreadyExists("MFADevice entity", in.VirtualMFADeviceName)
	}
	Part.Of(r).MFA = append(Part.Of(r).MFA, &MFADevice{Serial: serial})
	return &createVirtualMFADeviceOutput{VirtualMFADevice: virtualMFADeviceWire{
		SerialNumber: serial, Base32StringSeed: []byte(r.Token(32)), QRCodePNG: blankPNG(),
	}}, nil
}

// blankPNG is a white picture.
func blankPNG() []byte {
	const side = 8
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for i := range picture.Pix {
		picture.Pix[i] = 0xFF
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil { // a buffer takes everything
		panic(err)
	}
	return b.Bytes()
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
			Code: "InvalidAuthenticationCode", Message: "Authentication code for device is not valid.",
			Status: http.StatusForbidden,
		}
	}
	device.User, device.Enabled = u.Name, wire.At(r.Now)
	return &wire.None{}, nil
}
