package iam

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

type mfaDeviceWire struct {
	UserName   string    `wire:"UserName"`
	Serial     string    `wire:"SerialNumber"`
	EnableDate time.Time `wire:"EnableDate"`
}

type listMFADevicesInput struct {
	userInput
	pageInput
}

type listMFADevicesOutput struct {
	pageOutput
	Devices []mfaDeviceWire `wire:"MFADevices"`
}

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
	out.Devices, out.pageOutput, err = onePage(in.pageInput, devices, func(d *MFADevice) mfaDeviceWire {
		return mfaDeviceWire{UserName: d.User, Serial: d.Serial, EnableDate: d.Enabled.Time}
	})
	return out, err
}

type virtualMFADeviceWire struct {
	Serial     string    `wire:"SerialNumber"`
	Seed       []byte    `wire:"Base32StringSeed"` // only when the device is made
	QRCode     []byte    `wire:"QRCodePNG"`        // likewise
	User       *userWire `wire:"User"`
	EnableDate time.Time `wire:"EnableDate"`
}

type listVirtualMFADevicesInput struct {
	pageInput
	Status string `wire:"AssignmentStatus"` // Assigned, Unassigned or Any (also when empty)
}

type listVirtualMFADevicesOutput struct {
	pageOutput
	Devices []virtualMFADeviceWire `wire:"VirtualMFADevices"`
}

func listVirtualMFADevices(r *wire.Request, in *listVirtualMFADevicesInput) (*listVirtualMFADevicesOutput, error) {
	var devices []*MFADevice
	for _, d := range Part.Of(r).MFA {
		if d.virtual() && (in.Status == "" || in.Status == "Any" || (in.Status == "Assigned") == (d.User != "")) {
			devices = append(devices, d)
		}
	}
	out := &listVirtualMFADevicesOutput{}
	var err error
	out.Devices, out.pageOutput, err = onePage(in.pageInput, devices, func(d *MFADevice) virtualMFADeviceWire { return describeVirtualMFADevice(r, d) })
	return out, err
}

func describeVirtualMFADevice(r *wire.Request, d *MFADevice) virtualMFADeviceWire {
	w := virtualMFADeviceWire{Serial: d.Serial, EnableDate: d.Enabled.Time}
	if u, err := findUser(r, d.User); err == nil {
		user := describeUser(r, u)
		w.User = &user
	}
	return w
}

type createVirtualMFADeviceInput struct {
	Name string `wire:"VirtualMFADeviceName,required"`
	Path string `wire:"Path"`
}

type createVirtualMFADeviceOutput struct {
	Device virtualMFADeviceWire `wire:"VirtualMFADevice"`
}

// createVirtualMFADevice makes a device. Its picture is a blank square: no authenticator app can be enrolled here.
func createVirtualMFADevice(r *wire.Request, in *createVirtualMFADeviceInput) (*createVirtualMFADeviceOutput, error) {
	path := in.Path
	if path == "" {
		path = "/"
	}
	serial := arnOf(r, "mfa", path, in.Name)
	if slices.ContainsFunc(Part.Of(r).MFA, func(d *MFADevice) bool { return d.Serial == serial }) {
		return nil, alreadyExists("MFADevice entity", in.Name)
	}
	Part.Of(r).MFA = append(Part.Of(r).MFA, &MFADevice{Serial: serial})
	seed := []byte(r.Token(32))
	return &createVirtualMFADeviceOutput{virtualMFADeviceWire{Serial: serial, Seed: seed, QRCode: blankPNG()}}, nil
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

type enableMFADeviceInput struct {
	UserName string `wire:"UserName,required"`
	Serial   string `wire:"SerialNumber,required"`
	Code1    string `wire:"AuthenticationCode1,required"`
	Code2    string `wire:"AuthenticationCode2,required"`
}

var authenticationCode = regexp.MustCompile(`^\d{6}$`)

// enableMFADevice assigns a device. Any two different codes of six digits are good.
func enableMFADevice(r *wire.Request, in *enableMFADeviceInput) (*wire.None, error) {
	u, err := findUser(r, in.UserName)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(Part.Of(r).MFA, func(d *MFADevice) bool { return d.Serial == in.Serial })
	if i < 0 {
		return nil, noSuchEntity("VirtualMFADevice with serial number %s does not exist.", in.Serial)
	}
	device := Part.Of(r).MFA[i]
	if device.User != "" {
		return nil, alreadyExists("MFA device", strings.TrimPrefix(in.Serial, "arn:aws:iam::"+r.AccountID()+":mfa/"))
	}
	if !authenticationCode.MatchString(in.Code1) || !authenticationCode.MatchString(in.Code2) || in.Code1 == in.Code2 {
		return nil, &wire.Error{Code: "InvalidAuthenticationCode", Message: "Authentication code for device is not valid.", Status: http.StatusForbidden}
	}
	device.User, device.Enabled = u.Name, wire.At(r.Now)
	return &wire.None{}, nil
}
