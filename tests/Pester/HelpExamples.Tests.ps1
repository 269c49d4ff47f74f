# Every example of every help page, run as it stands there on a swarm of the lab: nightly, since it takes a while. What cannot run here is marked in its
# page by <!-- example: needs ... -->; ExampleSyntax.Tests.ps1 reads all of them, also those, in every run.
BeforeDiscovery {
    . $PSScriptRoot/ExampleCode.ps1
    $table = . $PSScriptRoot/HelpExampleRun.ps1
    $all = Get-ChildItem (Join-Path $PSScriptRoot ../../docs/cmdlets/*-*.md) | ForEach-Object { Get-ExampleCode $_.FullName } | Where-Object Section -EQ 'EXAMPLES'
    $byStart = @{ Bare = @(); Swarm = @(); Galera = @(); Folder = @(); Monitoring = @(); Ec2 = @() }
    foreach ($example in $all | Where-Object Mark -NotLike 'needs *') {
        $id = "$($example.Page -replace '\.md$')/$($example.Title)"
        # Without an entry: a preview of what the account of the lab has, or of the swarm.
        $start = $table[$id].Start ?? ($example.Code -match 'SwarmRegionNode|SwarmFirewall' ? 'Ec2' : 'Swarm')
        $byStart[$start] += @{ Id = $id; Code = $example.Code; Endless = $example.Mark -eq 'runs until Ctrl+C' }
    }
    # Names are literal below, so that a filter finds an example.
    # The cluster of the account is made by the first example and removed by the last ones.
    $byStart.Ec2 = @($byStart.Ec2 | Sort-Object { $_.Id -like 'Remove-*' }, { $_.Id -notlike 'New-*' } -Stable)
    $unknown = $table.Keys | Where-Object { $_ -notin $byStart.Values.Id }
    $long = $env:SWARMOPS_LONG -eq 'all'
}

Describe 'What is known of examples' {
    It 'is of examples that exist' -ForEach @{ Unknown = $unknown } {
        $Unknown | Should -BeNullOrEmpty
    }

    It 'says why an example cannot run' -ForEach @{ Marks = @($all.Mark | Where-Object { $_ } | Select-Object -Unique) } {
        $Marks | Should -Match '^(needs (AWS|a terminal|a key of its own|a registry with a password|images and networks of readers)|runs until Ctrl\+C)$'
    }
}

if ($env:SWARMOPS_LONG -eq 'all') {
    Describe 'The examples' -Tag Nightly {
        BeforeAll {
            . $PSScriptRoot/TestLab.ps1
            $ConfirmPreference = 'None'
            $table = . $PSScriptRoot/HelpExampleRun.ps1
            $database = 'lab/mariadb:10.11'
            $defaults = @{}
            # What the vault of SecretManagement holds.
            $vault = @{}
            $spoiled = $false

            function Invoke-Docker { & $labCommand exec --name $lab.name $lab.hosts[0].name -- docker @args }

            function Wait-Until([scriptblock] $Condition) {
                $deadline = [datetime]::UtcNow.AddSeconds(60)
                while (-not (& $Condition)) {
                    if ([datetime]::UtcNow -gt $deadline) { throw "Not within a minute: $Condition" }
                    Start-Sleep -Milliseconds 200
                }
            }

            # What the examples find in the folder where they run.
            function Set-ExampleFile([string] $Folder) {
                $null = New-Item -ItemType Directory -Path $Folder -Force
                Set-Location $Folder
                Set-Content ./nginx.conf 'one' -NoNewline
                Set-Content ./nginx.conf.old 'old' -NoNewline
                'tls.key', 'wordpress.pem' | ForEach-Object { Set-Content "./$_" "content of $_" }
                Copy-Item $nodes[0].KeyFilePath ./id_ed25519
                $nodes | Select-Object Name, Region, PublicAddress, PrivateAddress, User, KeyFilePath, HostKeyFingerprint | Export-Csv ./fleet.csv
            }

            # Runs an example in a session of its own, whose user answers yes to everything. Output, Said (what -WhatIf writes) and Errors.
            function Invoke-HelpExample([string] $Code, [switch] $Endless) {
                $state = [initialsessionstate]::CreateDefault()
                $state.ImportPSModule($env:SWARMOPS_MODULE)
                $runspace = [runspacefactory]::CreateRunspace($Host, $state)
                $runspace.Open()
                $given = @{ nodes = $nodes; new = $new; key = $key; admin = $admin; history = $history; vault = $vault; database = $database; login = $login; PSDefaultParameterValues = $defaults }
                $given.GetEnumerator() | ForEach-Object { $runspace.SessionStateProxy.SetVariable($_.Key, $_.Value) }
                $shell = [powershell]::Create($runspace)
                $said = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
                try {
                    $null = $shell.AddScript('
                        param($folder, $said)
                        Set-Location $folder
                        $ConfirmPreference = "None"
                        $ProgressPreference = "SilentlyContinue"
                        function Read-Host { ConvertTo-SecureString "typed at the prompt" -AsPlainText }
                        function Get-Credential { $login }
                        function Get-Secret { param($Name) $vault.Secret }
                        function Set-Secret { param($Name, $SecureStringSecret) $vault.Secret = $SecureStringSecret }
                        Start-Transcript -LiteralPath $said -UseMinimalHeader').AddArgument($PWD.Path).AddArgument($said).Invoke()
                    $shell.Commands.Clear()
                    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
                    $run = $shell.AddScript($Code).BeginInvoke([System.Management.Automation.PSDataCollection[psobject]] $null, $output)
                    if ($Endless) {
                        Wait-Until { $output.Count -gt 2 }
                        $run.IsCompleted | Should -BeFalse
                        $shell.Stop()
                    }
                    elseif (-not $run.AsyncWaitHandle.WaitOne(600000)) {
                        $shell.Stop()
                        throw 'The example did not end within ten minutes.'
                    }
                    else { $null = $shell.EndInvoke($run) }
                    $errors = @($shell.Streams.Error)
                    $shell.Commands.Clear()
                    $null = $shell.AddScript('Stop-Transcript').Invoke()
                    [pscustomobject]@{ Output = @($output); Said = Get-Content -LiteralPath $said -Raw; Errors = $errors }
                }
                finally {
                    $shell.Dispose()
                    $runspace.Dispose()
                }
            }

            # The one test that all examples have in common.
            function Test-HelpExample([string] $Id, [string] $Code, [switch] $Endless) {
                $entry = $table[$Id] ?? @{}
                Set-ExampleFile (Join-Path $TestDrive example)
                $vault.Secret = ConvertTo-SecureString 'correct horse battery' -AsPlainText
                if ($entry.Before) { . $entry.Before }
                if ($entry.With) { $entry.With.GetEnumerator() | ForEach-Object { $Code | Should -Match ([regex]::Escape($_.Key)); $Code = $Code.Replace($_.Key, $_.Value) } }
                $run = Invoke-HelpExample $Code -Endless:$Endless
                $run.Errors | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty
                if ($entry.Nothing) { $run.Output | Should -BeNullOrEmpty }
                elseif ($Code -match '-WhatIf') { "$($run.Said -match '(?m)^What if: ')$($run.Output.Count -gt 0)" | Should -Match 'True' }
                else { $run.Output | Should -Not -BeNullOrEmpty }
                if ($entry.Expect) { . $entry.Expect $run.Output }
            }
        }

        AfterAll { Set-Location $PSScriptRoot }

        Context 'on engines in no swarm' {
            BeforeAll {
                # A machine of the lab without an engine, as a node.
                function Add-BareHost {
                    $script:added = & $labCommand host add us-west-1 --no-engine --name $lab.name
                    $now = Join-Path $TestDrive now.json
                    & $labCommand status --name $lab.name --json | Set-Content $now
                    Get-LabNode $now | Where-Object Name -EQ $script:added
                }
            }

            BeforeEach { Reset-TestLab; $script:added = $null }

            AfterEach { if ($script:added) { $null = & $labCommand host remove $script:added --name $lab.name } }

            foreach ($example in $byStart.Bare) {
                It $example.Id -ForEach $example {
                    Test-HelpExample $Id $Code -Endless:$Endless
                }
            }
        }

        Context 'on a swarm with services' {
            BeforeAll {
                Reset-TestLab
                $registry = $lab.privateRegistry
                $password = Get-Content -LiteralPath $registry.passwordFile -Raw
                $login = [pscredential]::new($registry.user, (ConvertTo-SecureString $password -AsPlainText))

                # The images that the pages name: a server that is healthy, ready, and writes on both streams.
                $prepare = @"
cd /tmp
printf '#!/bin/sh\nexit 0\n' >healthy
printf '#!/bin/sh\ntrap exit TERM\ntouch /tmp/ready\nhttpd -p 80\nwhile echo served; do echo failed >&2; sleep 1; done\n' >serve
chmod +x healthy serve
c=`$(docker create lab/busybox:latest true)
docker cp healthy `$c:/bin/healthy && docker cp serve `$c:/bin/serve || exit 1
printf %s '$password' | docker login -u $($registry.user) --password-stdin $($registry.address) 2>/dev/null || exit 1
for name in $($lab.registry)/web:1 $($lab.registry)/web:2 $($lab.registry)/db:1 $($registry.address)/team/app:1; do
    docker commit --change "LABEL name=`$name" --change 'CMD ["/bin/serve"]' `$c `$name && docker push -q `$name || exit 1
done
docker rm `$c
docker logout $($registry.address)
"@
                $said = & $labCommand exec --name $lab.name $lab.hosts[0].name -- sh -c $prepare 2>&1
                if ($LASTEXITCODE -ne 0) { throw "The images could not be made: $said" }

                function Remove-Workload { $nodes | Get-SwarmGeoDns -SkipDelegation | Remove-SwarmGeoDns; $nodes | Get-SwarmService | Remove-SwarmService }

                # The edge service web, and unless -EdgeOnly the name servers of a zone for it.
                function Add-GeoDns([switch] $EdgeOnly) {
                    $null = & $labCommand image load all gdnsd --name $lab.name
                    Remove-Workload
                    $quiet = @{ NoResolveImage = $true; WarningAction = 'SilentlyContinue' }
                    $null = $nodes | New-SwarmEdgeService -Name web -Image lab/busybox:latest -ArgumentList httpd, '-f', '-p', 80 -PublishHost 80 -StableSeconds 0 @quiet
                    if (-not $EdgeOnly) { $null = $nodes | New-SwarmGeoDns -Zone edge.example.org -Service web -Image lab/gdnsd:3.8 -TtlSeconds 5 @quiet }
                }

                # compose.yaml, where the examples are run, and unless -FileOnly the stack of it.
                function Add-Stack([string] $Name = 'shop', [switch] $FileOnly) {
                    $nodes | Get-SwarmStack | Remove-SwarmStack
                    Remove-Item ./shop.yaml -ErrorAction Ignore
                    Set-Content ./compose.yaml "services:`n  web:`n    image: registry.lab:5000/web:`${TAG:-1}`n"
                    if (-not $FileOnly) { $null = $nodes | Publish-SwarmStack -Path ./compose.yaml -Name $Name -StableSeconds 0 }
                }

                # ca.pem and ca-key.pem, where the examples are run.
                function New-AuthorityFile {
                    $key = [System.Security.Cryptography.ECDsa]::Create()
                    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=ours', $key, [System.Security.Cryptography.HashAlgorithmName]::SHA256)
                    $request.CertificateExtensions.Add([System.Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
                    $certificate = $request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddYears(1))
                    Set-Content ca.pem $certificate.ExportCertificatePem()
                    Set-Content ca-key.pem $key.ExportECPrivateKeyPem()
                }

                # For what sends packets: a container's kernel may have no ESP.
                function Use-PlainOverlay {
                    $nodes | Remove-SwarmOverlay -Name internal
                    $null = $nodes | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue
                }

                function Start-ExampleSwarm {
                    $quiet = @{ WarningAction = 'SilentlyContinue' }
                    $null = $nodes | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion | New-EncryptedOverlay -Name internal @quiet
                    'db-password', 'old-one', 'tls', 'wordpress-tls' | ForEach-Object { $null = $nodes | New-SwarmSecret -Name $_ -Generate @quiet }
                    $configs = @($nodes | Get-SwarmConfig).Name
                    'nginx-conf', 'old-one' | Where-Object { $_ -notin $configs } | ForEach-Object { $null = $nodes | New-SwarmConfig -Name $_ -Value first }
                    $null = $nodes | New-SwarmService -Name web -Image "$($lab.registry)/web:1" -Mode Global -StableSeconds 0 @quiet
                    $null = $nodes | New-SwarmService -Name db -Image "$($lab.registry)/db:1" -Secret db-password -StableSeconds 0 @quiet
                }
            }

            BeforeEach {
                if ($script:spoiled) { Reset-TestLab }
                $script:spoiled = $true
                Start-ExampleSwarm
            }

            foreach ($example in $byStart.Swarm) {
                It $example.Id -ForEach $example {
                    Test-HelpExample $Id $Code -Endless:$Endless
                    $script:spoiled = [bool] $table[$Id].Spoils
                }
            }
        }

        Context 'on a swarm with a database' {
            BeforeAll {
                Reset-TestLab
                $lab.hosts.name | ForEach-Object { $null = & $labCommand exec --name $lab.name $_ -- sh -c 'rm -rf /srv/mysql*' }
                $null = & $labCommand image load all mariadb --name $lab.name
                $defaults = @{ 'New-GaleraService:Image' = $database; 'New-GaleraService:NoResolveImage' = $true; 'Step-GaleraRestart:NoResolveImage' = $true; 'New-EncryptedOverlay:Unencrypted' = $true }
                $null = New-TestSwarm -ManagerCount 3 | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue

                # All servers at the same moment, as in a power cut.
                function Stop-Database {
                    $lab.hosts.name | ForEach-Object -Parallel { $null = & $using:labCommand exec --name ($using:lab).name $_ -- pkill -9 mariadbd }
                }
            }

            BeforeEach {
                $null = $nodes | Repair-GaleraCluster -ErrorAction Ignore -WarningAction SilentlyContinue
                $null = $nodes | New-GaleraService -Overlay internal -Image $database -NoResolveImage -WarningAction SilentlyContinue
                $history = ($nodes | Get-GaleraCluster -Name galera).GaleraNodes[0].Uuid
            }

            foreach ($example in $byStart.Galera) {
                It $example.Id -ForEach $example {
                    Test-HelpExample $Id $Code -Endless:$Endless
                }
            }
        }

        Context 'on a swarm with monitoring' {
            BeforeAll {
                Reset-TestLab
                $null = & $labCommand image load all monitoring --name $lab.name
                $images = @{
                    PrometheusImage = 'lab/prometheus:2.42'; AlertmanagerImage = 'lab/alertmanager:0.25'; NodeExporterImage = 'lab/node-exporter:1.5'
                    BlackboxExporterImage = 'lab/blackbox-exporter:0.23'; NoResolveImage = $true; ScrapeSeconds = 1; WarningAction = 'SilentlyContinue'
                }
                $defaults = @{}
                $images.GetEnumerator() | ForEach-Object { $defaults["New-SwarmMonitoring:$($_.Key)"] = $_.Value }
                $null = New-TestSwarm -ManagerCount 3 | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue
                $null = $nodes | New-SwarmEdgeService -Name web -Image lab/busybox:latest -NoResolveImage -ArgumentList httpd, '-f', '-p', 80 -PublishHost 80 -StableSeconds 0 -WarningAction SilentlyContinue
            }

            BeforeEach {
                $null = $nodes | New-SwarmMonitoring -Overlay internal @images
            }

            foreach ($example in $byStart.Monitoring) {
                It $example.Id -ForEach $example {
                    Test-HelpExample $Id $Code -Endless:$Endless
                }
            }
        }

        Context 'on a swarm with a shared folder' {
            BeforeAll {
                Reset-TestLab
                $lab.hosts.name | ForEach-Object { $null = & $labCommand exec --name $lab.name $_ -- rm -rf /srv/wordpress /var/lib/swarmops }
                $null = & $labCommand image load all syncthing --name $lab.name
                $defaults = @{ 'New-SwarmSharedFolder:Image' = 'lab/syncthing:1.29'; 'New-SwarmSharedFolder:NoResolveImage' = $true }
                $null = New-TestSwarm -ManagerCount 3 | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue
            }

            BeforeEach {
                $null = $nodes | New-SwarmSharedFolder uploads /srv/wordpress/uploads -Overlay internal -Image lab/syncthing:1.29 -NoResolveImage -Owner 33:33 -WarningAction SilentlyContinue
            }

            foreach ($example in $byStart.Folder) {
                It $example.Id -ForEach $example {
                    Test-HelpExample $Id $Code -Endless:$Endless
                }
            }
        }

        Context 'on instances of an account' {
            BeforeAll {
                $AccountLab = 'h'
                . $PSScriptRoot/TestAccount.ps1
                $admin = $status.adminAddress
                $keyFile = Join-Path $TestDrive shop-key
                $defaults = @{ 'New-SwarmRegionNode:KeyFilePath' = $keyFile; 'Remove-SwarmRegionNode:KeyFilePath' = $keyFile }
                foreach ($name in '*-SwarmRegionNode', 'Sync-SwarmFirewall') {
                    $aws.Keys | ForEach-Object { $defaults["${name}:$_"] = $aws.$_ }
                }
                $PSDefaultParameterValues = $defaults

                function Open-Ssh { $null = Sync-SwarmFirewall -Cluster shop -AllowSshFrom $admin }
            }

            AfterAll { $null = & $labCommand down --name $labName 2>&1 }

            BeforeEach {
                if ($Id -notlike 'New-SwarmRegionNode/*') {
                    $null = New-SwarmRegionNode -Cluster shop -Region eu-central-1, us-east-1, us-west-1 -AllowSshFrom $admin | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion
                    $key = ConvertTo-SecureString (Get-Content -LiteralPath $keyFile -Raw) -AsPlainText
                }
            }

            foreach ($example in $byStart.Ec2) {
                It $example.Id -ForEach $example {
                    Test-HelpExample $Id $Code -Endless:$Endless
                }
            }
        }
    }
}
else {
    Describe 'The examples' -Tag Nightly {
        It 'run on a swarm' { Set-ItResult -Skipped -Because 'long: SWARMOPS_LONG=all' }
    }
}
