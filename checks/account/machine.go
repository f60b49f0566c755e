package account

import (
	"os"
	"path/filepath"
	"strings"
)

// machineIsEC2 says whether this machine's DMI names Amazon EC2, as AWS documents it:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
// Where there is no such file (macOS, Windows) the answer is no.
func machineIsEC2() bool { return dmiIsEC2("/sys/class/dmi/id") }

func dmiIsEC2(folder string) bool {
	for _, name := range []string{"sys_vendor", "board_vendor", "bios_vendor"} {
		vendor, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil && strings.TrimSpace(string(vendor)) == "Amazon EC2" {
			return true
		}
	}
	// Instances of the older Xen generation name Xen as their vendor.
	version, err := os.ReadFile(filepath.Join(folder, "bios_version"))
	return err == nil && strings.HasSuffix(strings.TrimSpace(string(version)), ".amazon")
}
