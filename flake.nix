{
  description = "A terminal dashboard for Amazon CloudFront cache invalidations";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEach = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      manifest = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package;
      build = pkgs: pkgs.rustPlatform.buildRustPackage {
        pname = manifest.name;
        version = manifest.version;
        src = self;
        cargoLock.lockFile = ./Cargo.lock;
        nativeBuildInputs = [ pkgs.installShellFiles ];
        # The tests drive pseudo-terminals, git and an editor, which the sandbox does not have.
        doCheck = false;
        postInstall = ''
          $out/bin/invalidash man > invalidash.1
          installManPage invalidash.1
          installShellCompletion --cmd invalidash \
            --bash <($out/bin/invalidash completions bash) \
            --zsh <($out/bin/invalidash completions zsh) \
            --fish <($out/bin/invalidash completions fish)
        '';
        meta = {
          description = manifest.description;
          license = pkgs.lib.licenses.mit;
          mainProgram = "invalidash";
        };
      };
    in
    {
      packages = forEach (pkgs: { default = build pkgs; });
    };
}
