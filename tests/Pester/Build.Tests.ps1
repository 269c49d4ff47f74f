# build.sh and build.ps1 themselves: which PowerShell runs them, how they end, and that a signal leaves no lab behind.
BeforeAll {
    $root = Join-Path $PSScriptRoot .. .. | Convert-Path
    $labCommand = Join-Path $root lab lab

    # Runs build.sh to its end, with programs of a folder before all others.
    function Invoke-Build([string[]] $Arguments, [string] $Programs) {
        $path = $env:PATH
        try {
            if ($Programs) { $env:PATH = "${Programs}:$path" }
            $said = & (Join-Path $root build.sh) @Arguments 2>&1 | ForEach-Object { "$_" }
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said -join "`n" }
        }
        finally {
            $env:PATH = $path
        }
    }

    # A pwsh that only knows its version; asked for more it says by what, and ends with 42.
    function New-FakePwsh([string] $Version) {
        $folder = New-Item -ItemType Directory -Path (Join-Path $TestDrive "pwsh-$Version") -Force
        Set-Content (Join-Path $folder pwsh) "#!/bin/sh`ncase `"`$*`" in *-Version) echo PowerShell $Version ;; *) echo `"fake `$*`"; exit 42 ;; esac"
        chmod +x (Join-Path $folder pwsh)
        $folder.FullName
    }
}

Describe 'build.sh' {
    It 'takes the pwsh on PATH when it is <_>' -ForEach '7.4.0', '7.10.1', '8.0.0-preview.1' {
        $run = Invoke-Build no-such-task -Programs (New-FakePwsh $_)
        $run.ExitCode | Should -Be 42
        $run.Said | Should -Be "fake -NoProfile -File $root/build.ps1 no-such-task"
    }

    It 'passes over a pwsh <_>' -ForEach '7.3.12', '6.2.7' {
        $run = Invoke-Build no-such-task -Programs (New-FakePwsh $_)
        $run.ExitCode | Should -Be 1
        $run.Said | Should -BeLike "build: There is no task 'no-such-task'.*"
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a task that there is not'; Arguments = 'build,no-such-task'; Message = "build: There is no task 'no-such-task'*" }
        @{ Case = 'an option that there is not'; Arguments = 'clean', '-NoSuchOption'; Message = "build: '-NoSuchOption' is not an option*" }
        @{ Case = 'a suite that there is not'; Arguments = 'test', '-Suite', 'NoSuchSuite'; Message = "build: There is no suite 'NoSuchSuite'*" }
        @{ Case = 'a value out of range'; Arguments = 'walk', '-Minutes', '0'; Message = '*Minutes*' }
    ) {
        $run = Invoke-Build $Arguments
        $run.ExitCode | Should -Be 1
        $run.Said | Should -BeLike $Message
        Test-Path (Join-Path $root artifacts module) | Should -BeTrue
    }
}

Describe 'A build that a signal ends' {
    It 'takes its lab down on SIG<Signal> <When>' -ForEach @(
        @{ Signal = 'INT'; Code = 130; When = 'while its pipeline works'; Mark = 'From engines in no swarm to three managers' }
        @{ Signal = 'TERM'; Code = 143; When = 'while its pipeline works'; Mark = 'From engines in no swarm to three managers' }
        @{ Signal = 'HUP'; Code = 129; When = 'while the lab comes up'; Mark = $null }
    ) {
        $name = "b${PID}d"
        $log = Join-Path $TestDrive "$Signal.log"
        # What a shell starts in the background has SIGINT ignored, and its children keep to that: these tests may run so.
        $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh', [string[]] @('-c', 'log=$1; shift; exec env --default-signal=HUP,INT,TERM "$@" >"$log" 2>&1 </dev/null', 'sh', $log,
                (Join-Path $root build.sh), 'demo', '-Inventory', '-LabName', $name))
        $build = [System.Diagnostics.Process]::Start($start)
        try {
            $deadline = [datetime]::UtcNow.AddMinutes(3)
            $isAt = if ($Mark) { { (Test-Path $log) -and (Select-String -LiteralPath $log -SimpleMatch $Mark -Quiet) } } else { { Test-Path "/run/netns/swl-$name-wan" } }
            while (-not (& $isAt)) {
                if ($build.HasExited -or [datetime]::UtcNow -gt $deadline) { throw "The demo did not get so far: $(Get-Content $log -Raw)" }
                Start-Sleep -Milliseconds 100
            }
            & kill "-$Signal" $build.Id
            $build.WaitForExit(60000) | Should -BeTrue
            $build.ExitCode | Should -Be $Code -Because (Get-Content $log -Raw)
            & $labCommand list | Should -Not -Contain $name
            Get-ChildItem /run/netns -Name -Filter "swl-$name-*" -ErrorAction Ignore | Should -BeNullOrEmpty
            Test-Path "/run/swarmops-lab/$name", "/var/lib/swarmops-lab/$name" | Should -Be $false, $false
        }
        finally {
            if (-not $build.HasExited) { $build.Kill($true) }
            & $labCommand down --name $name *> $null
        }
    }
}
