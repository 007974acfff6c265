#!/usr/bin/env bash
# Makes a Debian package of what Scripts/standalone.sh has built: .build/deb/inkling_VERSION_ARCHITECTURE.deb.
# DEBFULLNAME and DEBEMAIL name its maintainer. The same build makes the same bytes.
set -euo pipefail
umask 022
cd "$(dirname "$0")/../.."
stage=.build/standalone/stage
folder=.build/deb
root=$folder/root
document=$root/usr/share/doc/inkling
maintainer="${DEBFULLNAME:-The Inkling authors} <${DEBEMAIL:-inkling@inkling.invalid}>"

# The program says which edition and commit it is. A ~ sorts before the release, the commit's day between the days.
said=$($stage/bin/inkling --version)
number=$(cut -d' ' -f2 <<<"${said%,*}")
commit=$(sed -nE 's/.*\(commit ([0-9a-f]+)(\+?)\).*/\1\2/p' <<<"$said")
epoch=${SOURCE_DATE_EPOCH:-$(if [ -e .git ]; then git log -1 --format=%ct; else date +%s; fi)}
export SOURCE_DATE_EPOCH=$epoch
version=${number/-dev/\~dev}
if [[ $number == *-dev && -n $commit ]]; then version+=+git$(date -u -d "@$epoch" +%Y%m%d).${commit/+/.changed}; fi
version+=-1
architecture=$(dpkg --print-architecture)

rm -rf "$root" $folder/work $folder/*.deb
mkdir -p "$root/DEBIAN" "$root/usr" "$document" $folder/work/debian
cp -r $stage/. "$root/usr"
mv "$root/usr/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
cp Scripts/deb/copyright "$document/copyright"
mkdir -p "$root/usr/share/lintian/overrides"
cat >"$root/usr/share/lintian/overrides/inkling" <<END
# It is not meant for Debian's archive, where a first upload answers a request.
inkling: initial-upload-closes-no-bugs
END
gzip -9n <CHANGELOG.md >"$document/changelog.gz"
gzip -9n >"$document/changelog.Debian.gz" <<END
inkling ($version) unstable; urgency=medium

  * The program as its changelog says${commit:+, commit $commit}.

 -- $maintainer  $(date -u -R -d "@$epoch")
END

# Which packages have the libraries that the program links to.
printf 'Source: inkling\n\nPackage: inkling\nArchitecture: any\n' >$folder/work/debian/control
depends=$(cd $folder/work && dpkg-shlibdeps -O -e../root/usr/bin/inkling | sed -n 's/^shlibs:Depends=//p')
cat >"$root/DEBIAN/control" <<END
Package: inkling
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k --apparent-size -s "$root/usr" | cut -f1)
Depends: $depends
Recommends: ca-certificates, fonts-dejavu-core, fonts-inter
Section: science
Priority: optional
Description: train small image classifiers and look inside them
 Inkling trains small image classifiers, measures how good they are, explains
 their answers with some twenty attribution methods, attacks them, and sets it
 all out in a static HTML report that needs neither a server nor a network.
 .
 It reads MNIST and its relatives, CIFAR, folders of PNG and JPEG pictures, and
 draws digits of its own where there is no data set at hand.
END
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$epoch" {} +
dpkg-deb --root-owner-group -Zxz --build "$root" "$folder/inkling_${version}_$architecture.deb" >/dev/null
echo "The package is $folder/inkling_${version}_$architecture.deb"
