# Homebrew formula of a release, written by packaging/recipes.
class Invalidash < Formula
  desc "@SUMMARY@"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@DOWNLOADS@/invalidash-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "@DOWNLOADS@/invalidash-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@DOWNLOADS@/invalidash-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@DOWNLOADS@/invalidash-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "invalidash"
    man1.install "share/invalidash.1"
    bash_completion.install "share/invalidash.bash" => "invalidash"
    zsh_completion.install "share/_invalidash"
    fish_completion.install "share/invalidash.fish"
    pkgshare.install "share/config.toml"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/invalidash --version")
    assert_match "/a%20b", shell_output("#{bin}/invalidash check --output json '/a b'")
  end
end
