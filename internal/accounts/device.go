package accounts

import "strings"

// DeviceName names a browser and its system from a User-Agent header, as the list of sessions shows it: "Chrome, Android". What it doesn't
// know it leaves out; it may be "". Names are as the makers write them, so they need no translation.
func DeviceName(userAgent string) string {
	var parts []string
	for _, list := range [][][2]string{browserMarks(), systemMarks()} {
		for _, m := range list {
			if strings.Contains(userAgent, m[0]) {
				parts = append(parts, m[1])
				break
			}
		}
	}
	return strings.Join(parts, ", ")
}

// browserMarks are what to look for, with the name it stands for. The first that is found counts: most browsers name those they
// descend from as well, Chrome and Safari last.
func browserMarks() [][2]string {
	return [][2]string{
		{"YaBrowser/", "Yandex Browser"}, {"SamsungBrowser/", "Samsung Internet"}, {"MiuiBrowser/", "Mi Browser"}, {"HuaweiBrowser/", "Huawei Browser"},
		{"UCBrowser/", "UC Browser"}, {"OPR/", "Opera"}, {"OPT/", "Opera"}, {"Opera Mini", "Opera Mini"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"Edg/", "Edge"},
		{"Vivaldi/", "Vivaldi"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"},
		{"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
}

// systemMarks are the same for operating systems: phones say the system they descend from as well.
func systemMarks() [][2]string {
	return [][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Macintosh", "macOS"}, {"Linux", "Linux"},
	}
}
