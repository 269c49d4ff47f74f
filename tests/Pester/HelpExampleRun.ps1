# How the examples of the help pages are run: what each needs beforehand, and what must be true afterwards. Read by HelpExamples.Tests.ps1.
#   Start    Bare: engines in no swarm. Swarm (the default): three managers, the overlay internal, and what the pages speak of: web, db, secrets, configs.
#            Galera: the swarm with the database galera instead of web and db. Folder: with the shared folder uploads. Monitoring: with monitoring and the edge service web. Ec2: the cluster shop in an account of the lab's EC2 endpoint.
#   Before   runs first: what only this example needs.
#   With     texts that stand for something else here: a made-up address, an image of another registry.
#   Nothing  the example gives nothing here. Otherwise it gives objects, or -WhatIf says what would be done.
#   Expect   takes the example's output, and holds what must be true.
#   Spoils   the swarm is made anew afterwards.
@{
    'Clear-SwarmImage/Preview'              = @{ }
    'Clear-SwarmImage/In a scheduled script' = @{ Nothing = $true }
    'Clear-SwarmImage/One name on every node, whatever its age' = @{ Before = { Invoke-Docker tag lab/busybox:latest old/app:1 }; Expect = { param($out) $out | Should -HaveCount 3; Invoke-Docker images -q old/app | Should -BeNullOrEmpty } }
    'Copy-SwarmImage/To all nodes that lack it' = @{ Before = { Invoke-Docker tag lab/busybox:latest shop/app:2.1 }; Expect = { param($out) $out | Should -HaveCount 2; $out.IsCopied | Should -Be $true, $true } }
    'Copy-SwarmImage/From a file'           = @{ Before = { & $labCommand exec --name $lab.name $lab.hosts[0].name -- sh -c 'docker tag lab/busybox:latest shop/app:2.1 && docker save shop/app:2.1 | base64 -w 0' | ForEach-Object { [System.IO.File]::WriteAllBytes("$PWD/app.tar", [Convert]::FromBase64String($_)) } }; Expect = { param($out) $out | Should -HaveCount 3 } }
    'Copy-SwarmImage/Preview'               = @{ Before = { Invoke-Docker tag lab/busybox:latest shop/app:2.2 } }
    'Compare-SwarmStack/Find drift'         = @{ Before = { Add-Stack }; Nothing = $true }
    'Compare-SwarmStack/A check with an exit code' = @{ Before = { Add-Stack }; Nothing = $true }
    'Export-SwarmStack/To a file'           = @{ Before = { Add-Stack }; Expect = { param($out) $out.Name | Should -Be 'shop.yaml' } }
    'Export-SwarmStack/Services that belong to no stack' = @{ Before = { Remove-Item ./shop.yaml -ErrorAction Ignore }; Expect = { param($out) $out.Name | Should -Be 'shop.yaml' } }
    'Export-SwarmStack/To the screen'       = @{ Before = { Add-Stack }; Expect = { param($out) $out | Should -Match 'name: shop' } }
    'Export-SwarmMetric/For node-exporter''s textfile collector' = @{ Nothing = $true; Expect = { Get-Content ./swarm.prom -Raw | Should -Match 'swarmops_managers_reachable 3' } }
    'Export-SwarmMetric/With a label, and to Pushgateway' = @{ Expect = { param($out) "$out" | Should -Match 'swarmops_managers_reachable\{cluster="shop"\} 3' } }
    'Export-SwarmReport/A page to open or to mail' = @{ Nothing = $true; Expect = { Get-Content ./swarm.html -Raw | Should -Match '</html>' } }
    'Export-SwarmReport/Every morning, with what changed since yesterday' = @{ Nothing = $true; Expect = { Get-Content ./swarm.html -Raw | Should -Match 'Changes since' } }
    'Export-SwarmReport/Regions of your own' = @{ Nothing = $true; Expect = { Get-Content ./swarm.html -Raw | Should -Match '<h1>Swarm report' } }
    'Export-SwarmReport/For machines'       = @{ Before = { Use-PlainOverlay }; Spoils = $true; Expect = { param($out) $out.CriticalCount | Should -Be 0; (Get-Content ./swarm.json -Raw | ConvertFrom-Json).nodes | Should -HaveCount 3 } }
    'Backup-Swarm/A nightly backup that is kept for two weeks' = @{ Expect = { param($out) $out.IsTried | Should -BeTrue; $out.ManagerCount | Should -Be 3; $out.Path | Should -Exist } }
    'Backup-Swarm/Without stopping any container' = @{ Expect = { param($out) $out.Method | Should -Be 'Freeze'; $out.EngineHeld.TotalSeconds | Should -BeLessThan 5 } }
    'Backup-Swarm/With the database'        = @{ Start = 'Galera'; Expect = { param($out) $out.Databases | Should -HaveCount 1; $out.Databases[0].IsTried | Should -BeTrue; $out.Databases[0].Path | Should -Exist } }
    'Backup-Swarm/Preview'                  = @{ }
    'Get-GaleraCluster/Show the status'     = @{ Start = 'Galera'; Expect = { param($out) $out.Name | Should -Be 'galera'; $out.Status | Should -Be 'Healthy' } }
    'Get-GaleraCluster/Show the findings'   = @{ Start = 'Galera'; Nothing = $true }
    'Get-GaleraCluster/Show the nodes'      = @{ Start = 'Galera'; Expect = { param($out) $out | Should -HaveCount 3 } }
    'Get-Swarm/In a scheduled script'       = @{ Nothing = $true }
    'Get-Swarm/How many managers may fail'  = @{ Expect = { param($out) $out | Should -Be 1 } }
    'Get-SwarmConfig/All configs'           = @{ Expect = { param($out) $out.Name | Should -Be 'nginx-conf', 'old-one' } }
    'Get-SwarmConfig/Unused configs'        = @{ Expect = { param($out) $out.Name | Should -Contain 'old-one' } }
    'Get-SwarmFinding/Everything that needs attention' = @{ Before = { Use-PlainOverlay }; Spoils = $true; Nothing = $true }
    'Get-SwarmFinding/In a scheduled script' = @{ Before = { Use-PlainOverlay }; Spoils = $true; Expect = { param($out) $out | Should -Be 0 } }
    'Get-SwarmFinding/What is wrong with databases and services' = @{ Nothing = $true }
    'Get-SwarmGeoDns/Show the zones'        = @{ Before = { Add-GeoDns }; Expect = { param($out) $out.Zone | Should -Be 'edge.example.org' } }
    'Get-SwarmGeoDns/What each name server answers' = @{ Before = { Add-GeoDns }; Expect = { param($out) $out.Regions | Should -Not -BeNullOrEmpty } }
    'Get-SwarmGeoDns/Where a client would be sent' = @{ Before = { Add-GeoDns }; Expect = { param($out) $out.Client | Select-Object -Unique | Should -Be '192.0.2.0/24' } }
    'Get-SwarmMonitoring/Is everything watched, and does anything fire' = @{ Start = 'Monitoring'; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Get-SwarmMonitoring/The alerts'        = @{ Start = 'Monitoring'; Nothing = $true }
    'Get-SwarmMonitoring/What cannot be scraped, and from where' = @{ Start = 'Monitoring'; Nothing = $true }
    'Get-SwarmMaintenance/How far it is'    = @{ Before = { Remove-Workload; $null = $nodes | Invoke-SwarmMaintenance -Action Script -Script true -Name us-west-1 -Confirm:$false }; Expect = { param($out) $out.DoneCount | Should -Be 1 } }
    'Get-SwarmMaintenance/Which nodes are left' = @{ Nothing = $true }
    'Get-SwarmNode/All members'             = @{ Expect = { param($out) $out | Should -HaveCount 3 } }
    'Get-SwarmNode/Some of them'            = @{ Before = { $nodes[1, 2] | Step-SwarmDemotion -Manager $nodes[0] -Force }; Expect = { param($out) $out.Name | Should -Be 'us-east-1', 'us-west-1' } }
    'Get-SwarmNode/Members missing from the set' = @{ Expect = { param($out) $out.Name | Should -Be $nodes[1, 2].Name } }
    'Get-SwarmOverlay/All overlay networks' = @{ Expect = { param($out) $out.Name | Should -Be 'internal' } }
    'Get-SwarmOverlay/Which nodes have the NAT rule' = @{ Expect = { param($out) $out.RuleActive | Should -Be $true, $true, $true } }
    'Get-SwarmOverlay/By pattern, without SSH to the hosts' = @{ Expect = { param($out) $out.Name | Should -Be 'internal' } }
    'Get-SwarmRegionNode/A stateless runbook' = @{ Start = 'Ec2'; Expect = { param($out) $out.ReadyCount | Should -Be 3 } }
    'Get-SwarmRegionNode/Every cluster of the account' = @{ Start = 'Ec2'; Expect = { param($out) $out.Name | Should -HaveCount 3 } }
    'Get-SwarmSecret/All secrets'           = @{ Expect = { param($out) $out.Name | Should -Be 'db-password', 'old-one', 'tls', 'wordpress-tls' } }
    'Get-SwarmSecret/Unused secrets'        = @{ Expect = { param($out) $out.Name | Should -Contain 'old-one'; $out.Name | Should -Not -Contain 'db-password' } }
    'Get-SwarmService/All services'         = @{ Expect = { param($out) $out.Name | Should -Be 'db', 'web' } }
    'Get-SwarmService/Services with missing tasks' = @{
        Before = { $null = $nodes | New-SwarmService -Name lost -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 600 -Constraint node.labels.nowhere==1 -NoWait -WarningAction SilentlyContinue }
        Expect = { param($out) $out.Name | Should -Be 'lost'; $nodes | Remove-SwarmService -Name lost }
    }
    'Get-SwarmServiceLog/The last lines'    = @{ Expect = { param($out) $out.Message | Should -Contain 'served' } }
    'Get-SwarmServiceLog/Errors only'       = @{ Expect = { param($out) $out.Message | Select-Object -Unique | Should -Be 'failed' } }
    'Get-SwarmSharedFolder/All folders'      = @{ Start = 'Folder'; Expect = { param($out) $out.Status | Should -Be 'InSync' } }
    'Get-SwarmSharedFolder/How far each node is' = @{ Start = 'Folder'; Expect = { param($out) $out.Completion | Should -Be 100, 100, 100 } }
    'Get-SwarmSharedFolder/Files that two nodes changed at the same time' = @{ Start = 'Folder'; Nothing = $true }
    'Get-SwarmStack/All stacks'             = @{ Before = { Add-Stack }; Expect = { param($out) $out.Name | Should -Be 'shop' } }
    'Get-SwarmStack/The services of a stack' = @{ Before = { Add-Stack }; Expect = { param($out) $out.Name | Should -Be 'shop_web' } }
    'Get-SwarmTask/Tasks of one service'    = @{ Expect = { param($out) $out.State | Should -Be 'running', 'running', 'running' } }
    'Get-SwarmTask/Failures on one node'    = @{
        Before = { $null = $nodes | New-SwarmService -Name fails -Image lab/busybox:latest -NoResolveImage -ArgumentList false -Constraint node.labels.region==us-east-1 -NoWait; Wait-Until { $nodes | Get-SwarmTask -Service fails -All | Where-Object Error } }
        Expect = { param($out) $out.Service | Should -Contain 'fails'; $nodes | Remove-SwarmService -Name fails }
    }
    'Get-SwarmUnlockKey/Keep the key in a vault' = @{ Spoils = $true; Nothing = $true
        Before = { $null = $nodes | Initialize-Swarm -AutoLock }
        Expect = { $vault.Secret | Should -BeOfType securestring; [System.Net.NetworkCredential]::new('', $vault.Secret).Password | Should -Match '^SWMKEY-1-' }
    }
    'Initialize-Swarm/Create a swarm of three machines' = @{ Start = 'Bare'; Expect = { param($out) $out.Reachability | Should -Be 'Reachable', 'Reachable', 'Reachable' } }
    'Initialize-Swarm/Preview'              = @{ Start = 'Bare' }
    'Initialize-Swarm/A swarm for a WAN, with its own address pool' = @{ Start = 'Bare'; Expect = { param($out)
            $out | Should -HaveCount 3
            (Invoke-Docker info --format '{{json .Swarm.Cluster}}' | ConvertFrom-Json).DefaultAddrPool | Should -Be '10.64.0.0/12' } }
    'Initialize-Swarm/Create the swarm before one machine is available' = @{ Start = 'Bare'; Expect = { param($out) $out.Name | Should -Be $nodes[0, 1].Name } }
    'Install-SwarmEngine/Bare machines'     = @{ Start = 'Bare'; Before = { $nodes = @(Add-BareHost) }; Nothing = $true; Expect = { (& $labCommand status --name $lab.name --json | ConvertFrom-Json).hosts[-1].engineVersion | Should -Match '^\d' } }
    'Install-SwarmEngine/Preview'           = @{ Start = 'Bare'; Before = { $nodes = @(Add-BareHost) }; Expect = { & $labCommand exec --name $lab.name $script:added -- sh -c 'command -v dockerd; true' | Should -BeNullOrEmpty } }
    'Install-SwarmEngine/From an inventory to a swarm' = @{ Start = 'Bare'; Expect = { param($out) $out.State | Should -Be 'Ready', 'Ready', 'Ready' } }
    'Enter-SwarmTask/Preview'               = @{}
    'Invoke-SwarmTask/A command in every task of a service' = @{ Expect = { param($out) $out.ExitCode | Should -Be 0, 0, 0; $out.Output | Select-Object -Unique | Should -HaveCount 3 } }
    'Invoke-SwarmTask/Once per service, such as a migration' = @{ Expect = { param($out) $out.ExitCode | Should -Be 3 } }
    'Invoke-SwarmTask/Follow a long command' = @{ Expect = { param($out) $out.Message | Should -Be '1', '2', '3' } }
    'Invoke-SwarmTask/Preview'              = @{}
    'Invoke-SwarmMaintenance/What each node needs' = @{}
    'Invoke-SwarmMaintenance/Patch every host tonight, until five in the morning' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.IsComplete | Should -BeTrue } }
    'Invoke-SwarmMaintenance/Upgrade all engines to one release' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.IsComplete | Should -BeTrue } }
    'Invoke-SwarmMaintenance/Upgrade engines that no package installed' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.IsComplete | Should -BeTrue } }
    'Invoke-SwarmMaintenance/Thirty workers in the time of ten' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.IsComplete | Should -BeTrue } }
    'Invoke-SwarmMaintenance/Change a setting on some hosts' = @{ Before = { Remove-Workload }; With = @{ 'sysctl -w vm.max_map_count=262144' = 'true' }; Expect = { param($out) $out.DoneCount | Should -Be 2 } }
    'Join-SwarmAsWorker/Join all nodes of a set' = @{ Start = 'Bare'; Expect = { param($out) $out.Role | Should -Be 'Manager', 'Worker', 'Worker' } }
    'Join-SwarmAsWorker/Add a machine to an existing swarm' = @{ Start = 'Bare'; Before = { $null = $nodes[0, 1] | Initialize-Swarm | Join-SwarmAsWorker; $new = $nodes[2] }; Expect = { param($out) $out.Name | Should -Be $nodes[2].Name; $out.Role | Should -Be 'Worker' } }
    'Measure-SwarmFinding/One line and an exit code' = @{ Expect = { param($out) $out | Should -Match '^OK - 0 critical' } }
    'Measure-SwarmFinding/Count without asking the nodes again' = @{ Expect = { param($out) $out.ExitCode | Should -Be 0 } }
    'New-EncryptedOverlay/The last stage of a new swarm' = @{ Start = 'Bare'; Expect = { param($out) $out.Encrypted | Should -BeTrue; $out.NatRepairs.RuleActive | Should -Be $true, $true, $true } }
    'New-EncryptedOverlay/Custom addresses, and an MTU for a tunnel' = @{ Before = { Remove-Workload; $nodes | Remove-SwarmOverlay -Name internal }; Expect = { param($out) $out.Mtu | Should -Be 1420; $out.Subnets | Should -Be '10.77.0.0/24'; $nodes | Remove-SwarmOverlay -Name internal } }
    'New-EncryptedOverlay/Preview'          = @{ Before = { Remove-Workload; $nodes | Remove-SwarmOverlay -Name internal } }
    'New-EncryptedOverlay/An unencrypted overlay' = @{ Expect = { param($out) $out.Encrypted | Should -BeFalse; $nodes | Remove-SwarmOverlay -Name wan } }
    'New-GaleraService/The end of the pipeline' = @{ Start = 'Galera'; Before = { $nodes | Remove-GaleraService -RemoveData -RemoveSecret }; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'New-GaleraService/Preview'             = @{ Start = 'Galera'; Before = { $nodes | Remove-GaleraService -RemoveData -RemoveSecret } }
    'New-GaleraService/One global service'  = @{ Start = 'Galera'; Before = { $nodes | Remove-GaleraService -RemoveData -RemoveSecret }; Expect = { param($out) $out.Status | Should -Be 'Healthy'; $nodes | Remove-GaleraService -RemoveData -RemoveSecret } }
    'New-SwarmConfig/From a file'           = @{ Before = { Remove-Workload; $nodes | Remove-SwarmConfig -Name nginx-conf }; Expect = { param($out) $out.Content | Should -Be 'one' } }
    'New-SwarmConfig/From text'             = @{ Expect = { param($out) $out.Content | Should -Be 'hello'; $nodes | Remove-SwarmConfig -Name motd } }
    'New-SwarmEdgeService/A web tier on every node' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.RunningCount | Should -Be 1, 1, 1; Remove-Workload } }
    'New-SwarmEdgeService/With secrets, data and logs' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.RunningCount | Should -Be 1, 1, 1; Remove-Workload } }
    'New-SwarmEdgeService/A new image, starting with the region that has the fewest users' = @{
        Before = { Remove-Workload; $null = $nodes | New-SwarmEdgeService -Name web -Image registry.lab:5000/web:1 -PublishHost 80, 443 -StableSeconds 1 }
        Expect = { param($out) $out.Name | Should -Be 'web-us-west-1', 'web-us-east-1', 'web-eu-central-1'; $out.Image | Should -Match '/web:2'; Remove-Workload }
    }
    'New-SwarmGeoDns/A zone for an edge service' = @{ Before = { Add-GeoDns -EdgeOnly }; With = @{ 'registry.lab:5000/gdnsd:3.8' = 'lab/gdnsd:3.8'; '-GeoDatabasePath ./GeoLite2-City.mmdb' = '-NoResolveImage' }; Expect = { param($out) $out.Servers | Should -HaveCount 3 } }
    'New-SwarmGeoDns/Clients of known networks, on chosen nodes' = @{ Before = { Add-GeoDns -EdgeOnly }; With = @{ 'registry.lab:5000/gdnsd:3.8' = 'lab/gdnsd:3.8 -NoResolveImage' }; Expect = { param($out) $out.Servers.Node | Should -Be 'eu-central-1', 'us-east-1' } }
    'New-SwarmGeoDns/Check a page instead of a port' = @{ Before = { Add-GeoDns }; Expect = { param($out) $out.Zone | Should -Be 'edge.example.org' } }
    'New-SwarmMonitoring/A swarm with an edge service and a database' = @{ Start = 'Monitoring'; Expect = { param($out) $out.Status | Should -Be 'Healthy'; $out.Servers | Should -HaveCount 2 } }
    'New-SwarmMonitoring/At the end of the pipeline' = @{ Start = 'Monitoring'; Expect = { param($out) $out.Servers.Node | Should -Be 'eu-central-1', 'us-east-1' } }
    'New-SwarmMonitoring/Preview'           = @{ Start = 'Monitoring'; Before = { $nodes | Remove-SwarmMonitoring -Name monitoring } }
    'New-SwarmNode/Three machines by hand'  = @{ Expect = { param($out) $out.Check | Should -Contain 'Engine' } }
    'New-SwarmNode/A fleet from a spreadsheet' = @{ Expect = { param($out) $out | Should -BeTrue } }
    'New-SwarmNode/Save a node set for the next session' = @{ Nothing = $true; Expect = { Get-Content ./fleet.json -Raw | Should -Not -MatchExactly 'PRIVATE KEY' } }
    'New-SwarmRegionNode/A dead host, or one with an old operating system' = @{ Start = 'Ec2'; Before = { $null = Get-SwarmRegionNode -Cluster shop | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion }; Expect = { param($out) $out.Name | Should -Be 'shop-us-east-1-1'; $out.Reachability | Should -Be 'Reachable' } }
    'New-SwarmRegionNode/A swarm on three continents' = @{ Start = 'Ec2'; With = @{ '198.51.100.7' = '$admin' }; Expect = { param($out) $out.Name | Should -Be 'internal'; $out.Nodes | Should -HaveCount 3 } }
    'New-SwarmSecret/A generated password'  = @{ Expect = { param($out) $out.Version | Should -Be 1 } }
    'New-SwarmSecret/A value from a vault'  = @{ Expect = { param($out) $out.Name | Should -Be 'api-key'; $nodes | Remove-SwarmSecret -Name api-key } }
    'New-SwarmSecret/A file, with labels'   = @{ Expect = { param($out) $out.Labels.team | Should -Be 'web'; $nodes | Remove-SwarmSecret -Name tls-key } }
    'New-SwarmService/A web tier on every node' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.RunningCount | Should -Be 3 } }
    'New-SwarmService/With a secret, data and a health check' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.RunningCount | Should -Be 1 } }
    'New-SwarmService/An image from a registry that needs a login' = @{ Expect = { param($out) $out.RunningCount | Should -Be 3; $nodes | Remove-SwarmService -Name app } }
    'New-SwarmService/A job'                = @{ Expect = { param($out) $out.Name | Should -Be 'tidy'; $nodes | Remove-SwarmService -Name tidy } }
    'New-SwarmSharedFolder/The end of the pipeline' = @{ Start = 'Folder'; Expect = { param($out) $out.Status | Should -Be 'InSync' } }
    'New-SwarmSharedFolder/Preview'         = @{ Start = 'Folder'; Before = { $nodes | Remove-SwarmSharedFolder -Name uploads } }
    'New-SwarmSharedFolder/Nodes that hold different files' = @{ Start = 'Folder'; Expect = { param($out) $out.Copies | Should -HaveCount 3 } }
    'Publish-SwarmStack/A stack from one file' = @{ Before = { Add-Stack -FileOnly }; Expect = { param($out) $out.RunningCount | Should -Be 1 } }
    'Publish-SwarmStack/What would be changed' = @{ Before = { Add-Stack -FileOnly; Set-Content ./production.yaml "services:`n  web:`n    deploy: { replicas: 2 }`n" } }
    'Publish-SwarmStack/On a network that exists' = @{ Before = { Add-Stack -FileOnly }; Expect = { param($out) $out.Services.Networks | Should -Be 'internal' } }
    'Publish-SwarmStack/In a pipeline of builds' = @{ Before = { Add-Stack -FileOnly }; With = @{ "'1.2'" = "'2'" }; Expect = { param($out) $out.Name | Should -Be 'shop' } }
    'Remove-GaleraService/Services only'    = @{ Start = 'Galera'; Nothing = $true; Expect = { { $nodes | Get-GaleraCluster -Name galera -ErrorAction Stop } | Should -Throw -ErrorId 'GaleraNotFound,*' } }
    'Remove-GaleraService/Everything'       = @{ Start = 'Galera' }
    'Remove-SwarmConfig/By name'            = @{ Nothing = $true; Expect = { ($nodes | Get-SwarmConfig).Name | Should -Not -Contain 'old-one' } }
    'Remove-SwarmGeoDns/By name'            = @{ Before = { Add-GeoDns }; Nothing = $true; Expect = { $nodes | Get-SwarmGeoDns | Should -BeNullOrEmpty } }
    'Remove-SwarmGeoDns/From the pipeline, without a prompt' = @{ Before = { Add-GeoDns }; Nothing = $true; Expect = { $nodes | Get-SwarmGeoDns | Should -BeNullOrEmpty } }
    'Remove-SwarmMonitoring/By name'        = @{ Start = 'Monitoring'; Nothing = $true; Expect = { $nodes | Get-SwarmMonitoring | Should -BeNullOrEmpty } }
    'Remove-SwarmMonitoring/From the pipeline, without a prompt' = @{ Start = 'Monitoring'; Nothing = $true; Expect = { $nodes | Get-SwarmMonitoring | Should -BeNullOrEmpty } }
    'Remove-SwarmNode/Remove one node'      = @{ Nothing = $true; Spoils = $true; Expect = { (Get-SwarmNode $nodes[0]).Name | Should -Not -Contain $nodes[2].Name } }
    'Remove-SwarmNode/Move a node to another address' = @{ Expect = { param($out) $out.State | Should -Be 'Ready' } }
    'Remove-SwarmNode/Dissolve the swarm'   = @{ Nothing = $true; Spoils = $true; Expect = { { Get-Swarm $nodes -ErrorAction Stop } | Should -Throw -ErrorId 'NoManagerInSet,*' } }
    'Remove-SwarmNode/Dissolve the swarm, with engines ready to join another one' = @{ Nothing = $true; Spoils = $true; Expect = { { Get-Swarm $nodes -ErrorAction Stop } | Should -Throw -ErrorId 'NoManagerInSet,*' } }
    'Remove-SwarmOverlay/By name'           = @{ Before = { Remove-Workload }; Nothing = $true; Expect = { $nodes | Get-SwarmOverlay -SkipNatRepair | Should -BeNullOrEmpty } }
    'Remove-SwarmOverlay/From the pipeline, without a prompt' = @{ Before = { $null = $nodes | New-EncryptedOverlay -Name test-a -Unencrypted -WarningAction SilentlyContinue }; Nothing = $true; Expect = { ($nodes | Get-SwarmOverlay -SkipNatRepair).Name | Should -Be 'internal' } }
    'Remove-SwarmOverlay/Preview'           = @{ Before = { Remove-Workload } }
    'Remove-SwarmRegionNode/One node'       = @{ Start = 'Ec2'; With = @{ 'shop-us-east-1-2' = 'shop-us-east-1-1' }; Nothing = $true; Expect = { (Get-SwarmRegionNode -Cluster shop).Region | Should -Be 'eu-central-1', 'us-west-1' } }
    'Remove-SwarmRegionNode/All nodes of a region' = @{ Start = 'Ec2'; Nothing = $true; Expect = { (Get-SwarmRegionNode -Cluster shop).Region | Should -Not -Contain 'us-west-1' } }
    'Remove-SwarmRegionNode/A whole cluster' = @{ Start = 'Ec2'; Nothing = $true; Expect = { Get-SwarmRegionNode -Cluster * | Should -BeNullOrEmpty } }
    'Remove-SwarmSecret/By name'            = @{ Nothing = $true; Expect = { ($nodes | Get-SwarmSecret).Name | Should -Not -Contain 'old-one' } }
    'Remove-SwarmService/By name'           = @{ Nothing = $true; Expect = { ($nodes | Get-SwarmService).Name | Should -Not -Contain 'web' } }
    'Remove-SwarmService/From the pipeline' = @{ Before = { $null = $nodes | New-SwarmService -Name test-a -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 600 -StableSeconds 0 }; Expect = { $nodes | Remove-SwarmService -Name test-a } }
    'Remove-SwarmStack/By name'             = @{ Before = { Add-Stack }; Nothing = $true; Expect = { $nodes | Get-SwarmStack | Should -BeNullOrEmpty } }
    'Remove-SwarmStack/From the pipeline'   = @{ Before = { Add-Stack -Name test-a }; Expect = { $nodes | Remove-SwarmStack -Name test-a } }
    'Remove-SwarmSharedFolder/By name'      = @{ Start = 'Folder'; Nothing = $true; Expect = { $nodes | Get-SwarmSharedFolder | Should -BeNullOrEmpty } }
    'Remove-SwarmSharedFolder/Preview'      = @{ Start = 'Folder' }
    'Repair-GaleraCluster/Preview'          = @{ Start = 'Galera'; Before = { Stop-Database } }
    'Repair-GaleraCluster/After a full outage' = @{ Start = 'Galera'; Before = { Stop-Database }; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Repair-GaleraCluster/Keep one history of a split' = @{ Start = 'Galera'; With = @{ 'af1d7974-e922-11f1-907b-1e0f74593d50' = '$history' }; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Repair-GaleraCluster/Recover without a node that is lost for good' = @{ Start = 'Galera'; Before = { Stop-Database }; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Resume-SwarmNode/Bring a node back'    = @{ Before = { $null = $nodes | Suspend-SwarmNode -Name us-west-1 -Force -WarningAction SilentlyContinue }; Expect = { param($out) $out.Availability | Should -Be 'Active' } }
    'Resume-SwarmNode/Spread the services over all nodes again' = @{ Expect = { param($out) $out.Availability | Should -Be 'Active' } }
    'Resume-SwarmNode/Preview'              = @{ Before = { $null = $nodes[2] | Set-SwarmNode -Availability Drain -Manager $nodes }; Expect = { $null = $nodes[2] | Set-SwarmNode -Availability Active -Manager $nodes } }
    'Repair-Swarm/A host has another public address' = @{ With = @{ '$nodes = $nodes | Where-Object' = '$all = $nodes; $nodes = $nodes | Where-Object'; 'New-SwarmNode -Name us-west-1 -Region us-west-1 -PublicAddress 203.0.113.9' = '$all | Where-Object Name -eq us-west-1' }; Expect = { param($out) $out.Name | Should -Be 'us-west-1' } }
    'Repair-Swarm/Two of three managers are lost for good' = @{ Spoils = $true; Before = { foreach ($name in $nodes[1, 2].Name) { $null = & $labCommand exec --name $lab.name $name -- sh -c 'systemctl stop docker.socket docker; rm -rf /var/lib/docker/swarm; systemctl start docker.socket docker' }; $null = & $labCommand exec --name $lab.name $nodes[0].Name -- systemctl restart docker }; Expect = { param($out) $out.Reachability | Should -Be 'Reachable', 'Reachable', 'Reachable' } }
    'Restore-Swarm/After the loss of all hosts' = @{ Spoils = $true; Before = { $null = $nodes | Backup-Swarm -Destination ./backups -Passphrase $vault.Secret -Method Freeze -SkipTrial; Reset-TestLab }; Expect = { param($out) $out.Reachability | Should -Be 'Reachable', 'Reachable', 'Reachable' } }
    'Repair-Swarm/Names are gone after a short cut' = @{ Before = { Use-PlainOverlay }; Spoils = $true; Expect = { param($out) $out | Should -HaveCount 3 } }
    'Restore-GaleraCluster/After the loss of all hosts' = @{ Start = 'Galera'; Spoils = $true; Before = { $null = $nodes | Backup-Swarm -Destination ./backups -Passphrase $vault.Secret -Method Freeze -SkipTrial -Galera galera; foreach ($name in $nodes.Name) { $null = & $labCommand exec --name $lab.name $name -- sh -c 'pkill -9 mariadbd; rm -rf /srv/mysql; true' } }; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Restore-GaleraCluster/A table was dropped' = @{ Start = 'Galera'; Spoils = $true; Before = { $null = $nodes | Backup-Swarm -Destination ./backups -Passphrase $vault.Secret -Method Freeze -SkipTrial -Galera galera }; Expect = { param($out) $out[-1].Status | Should -Be 'Healthy' } }
    'Restore-Swarm/Preview'                 = @{ Spoils = $true; Before = { $null = $nodes | Backup-Swarm -Destination ./backups -Passphrase $vault.Secret -Method Freeze -SkipTrial; Reset-TestLab } }
    'Set-SwarmEdge/Change a region without a failed page' = @{ Before = { Add-GeoDns }; With = @{ '-PublishHost 80, 443' = '-PublishHost 80' }; Expect = { param($out) $out[-1].Regions.IsOut | Should -Not -Contain $true } }
    'Set-SwarmEdge/Restart one node'        = @{ Before = { Add-GeoDns }; Expect = { param($out) $out.Regions.EdgeNodes.IsOut | Should -Contain $true } }
    'Set-SwarmEdge/Preview'                 = @{ Before = { Add-GeoDns } }
    'Set-SwarmNode/Drain a node'            = @{ Expect = { param($out) $out.Availability | Should -Be 'Drain'; $null = $nodes[1] | Set-SwarmNode -Availability Active -Manager $nodes[0] } }
    'Set-SwarmNode/Set and remove labels'   = @{ Expect = { param($out) $out | ForEach-Object { $_.Labels.rack | Should -Be '7' } } }
    'Set-SwarmNode/Correct a region'        = @{ Expect = { param($out) $out.Region | Should -Be 'us-west-2'; $null = $nodes[2] | Set-SwarmNode -Region us-west-1 -Manager $nodes } }
    'Step-GaleraRestart/Change an option, the region with the writers last' = @{ Start = 'Galera'; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Step-GaleraRestart/Another image'      = @{ Start = 'Galera'; With = @{ 'mariadb:10.11.19' = '$database' }; Expect = { param($out) $out.Status | Should -Be 'Healthy' } }
    'Step-GaleraRestart/Preview the order'  = @{ Start = 'Galera' }
    'Step-SwarmDemotion/Keep three managers' = @{ Expect = { param($out) $out.Role | Should -Be 'Manager', 'Manager', 'Manager' } }
    'Step-SwarmDemotion/Demote one node without a prompt' = @{ Expect = { param($out) $out.Role | Should -Contain 'Worker'; (Get-Swarm $nodes).ManagerCount | Should -Be 2 } }
    'Step-SwarmPromotion/Three managers in three regions' = @{ Start = 'Bare'; Expect = { param($out) $out.Reachability | Should -Be 'Reachable', 'Reachable', 'Reachable' } }
    'Step-SwarmPromotion/Five managers of six nodes' = @{ With = @{ '-ManagerCount 5' = '-ManagerCount 3' } }
    'Step-SwarmPromotion/Preview'           = @{ Before = { $nodes[1, 2] | Step-SwarmDemotion -Manager $nodes[0] -Force } }
    'Suspend-SwarmNode/What would happen'   = @{ Before = { Remove-Workload } }
    'Suspend-SwarmNode/Reboot a host without an outage' = @{ Before = { Remove-Workload }; Expect = { param($out) $out.Availability | Should -Be 'Drain', 'Active' } }
    'Sync-SwarmFirewall/Show the drift'     = @{ Start = 'Ec2' }
    'Sync-SwarmFirewall/After an instance got another address' = @{ Start = 'Ec2'; Expect = { param($out) $out.InSync | Should -Be $true, $true, $true } }
    'Sync-SwarmFirewall/Change the SSH networks, and open ports for a web tier' = @{ Start = 'Ec2'; Expect = { param($out) $out.Rules.Source | Should -Contain '198.51.100.0/24'; Open-Ssh } }
    'Sync-SwarmFirewall/Close SSH'          = @{ Start = 'Ec2'; Expect = { param($out) $out.InSync | Should -Be $true, $true, $true; Open-Ssh } }
    'Sync-SwarmFirewall/An alert from a scheduled script' = @{ Start = 'Ec2'; Nothing = $true }
    'Test-GaleraSchema/What is wrong'       = @{ Start = 'Galera'; Nothing = $true }
    'Test-GaleraSchema/Some databases, with a lower limit for large tables' = @{ Start = 'Galera'; Expect = { param($out) $out.Result | Should -Not -Contain 'Fail' } }
    'Test-GaleraSchema/In a script'         = @{ Start = 'Galera'; Nothing = $true }
    'Test-GaleraWorkload/A minute of the usual load' = @{ Start = 'Galera'; With = @{ 'Test-GaleraWorkload)' = 'Test-GaleraWorkload -Duration 3)' }; Expect = { param($out) ($out | Out-String) | Should -Match 'Activity' } }
    'Test-GaleraWorkload/What each node did' = @{ Start = 'Galera'; Expect = { param($out) $out | Should -HaveCount 3 } }
    'Test-GaleraWorkload/Which rows conflict' = @{ Start = 'Galera'; With = @{ 'Duration 30' = 'Duration 3' }; Nothing = $true }
    'Test-SwarmGeoDns/Every name server, for every client' = @{ Before = { Add-GeoDns }; Expect = { param($out) $out.Result | Select-Object -Unique | Should -Be 'Pass' } }
    'Test-SwarmGeoDns/In a script'          = @{ Before = { Add-GeoDns }; Nothing = $true }
    'Test-SwarmGeoDns/Only the problems'    = @{ Before = { Add-GeoDns }; Nothing = $true }
    'Test-SwarmNode/What is wrong'          = @{ Start = 'Bare'; Nothing = $true }
    'Test-SwarmNode/What is known to be broken in these engines' = @{ Expect = { param($out) $out | Should -Not -BeNullOrEmpty } }
    'Test-SwarmNode/Go on only if all is well' = @{ Start = 'Bare'; Expect = { param($out) $out | Should -HaveCount 3 } }
    'Test-SwarmNode/What to ask the network''s people for' = @{ Start = 'Bare'; Before = { $null = & $labCommand fault drop-esp us-east-1 --name $lab.name }; Expect = { param($out) $out | Should -Match 'protocol 50 .*us-east-1' } }
    'Test-SwarmOverlay/Every pair'          = @{ Before = { Use-PlainOverlay }; Spoils = $true; Expect = { param($out) $out | Should -HaveCount 6; $out.Result | Select-Object -Unique | Should -Be 'Pass' } }
    'Test-SwarmOverlay/In a script'         = @{ Before = { Use-PlainOverlay }; Spoils = $true; Nothing = $true }
    'Test-SwarmOverlay/Only the problems, with cause and next step' = @{ Before = { Use-PlainOverlay }; Spoils = $true; Nothing = $true }
    'Test-SwarmSharedFolder/Every path'     = @{ Start = 'Folder'; Expect = { param($out) $out | Should -HaveCount 6; $out.Result | Select-Object -Unique | Should -Be 'Pass' } }
    'Test-SwarmSharedFolder/How long an upload takes' = @{ Start = 'Folder'; Expect = { param($out) $out.Count | Should -Be 6; $out.Maximum | Should -BeLessThan 30000 } }
    'Test-SwarmSharedFolder/In a script'    = @{ Start = 'Folder'; Nothing = $true }
    'Update-SwarmConfig/A new configuration file' = @{ Before = { Set-Content ./nginx.conf two -NoNewline }; Expect = { param($out) $out.Content | Should -Be 'two' } }
    'Update-SwarmConfig/Return to the previous content' = @{ Expect = { param($out) $out.Content | Should -Be 'old' } }
    'Unlock-Swarm/After all hosts were rebooted' = @{ Spoils = $true; Before = { $null = $nodes | Initialize-Swarm -AutoLock; $vault.Secret = (Get-SwarmUnlockKey $nodes).UnlockKey; foreach ($name in $lab.hosts.name) { $null = & $labCommand exec --name $lab.name $name -- systemctl restart docker } }; Expect = { param($out) $out.State | Should -Be 'Ready', 'Ready', 'Ready' } }
    'Unlock-Swarm/Type the key'             = @{ Spoils = $true; With = @{ "Read-Host -AsSecureString -Prompt 'Unlock key'" = '$vault.Secret' }; Before = { $null = $nodes | Initialize-Swarm -AutoLock; $vault.Secret = (Get-SwarmUnlockKey $nodes).UnlockKey; foreach ($name in $lab.hosts.name) { $null = & $labCommand exec --name $lab.name $name -- systemctl restart docker } }; Expect = { param($out) $out | Should -HaveCount 3 } }
    'Update-SwarmCertificate/Replace the authority' = @{ Spoils = $true; Expect = { param($out) $out.Nodes | Should -HaveCount 3; $out.ExpiresAt | Should -BeGreaterThan ([datetime]::UtcNow.AddYears(19)) } }
    'Update-SwarmCertificate/Use an authority of your own' = @{ Before = { New-AuthorityFile } }
    'Update-SwarmJoinToken/Replace both tokens' = @{ Expect = { param($out) $out.Role | Should -Be 'Worker', 'Manager' } }
    'Update-SwarmJoinToken/Only the token that admits managers' = @{ Expect = { param($out) $out.Role | Should -Be 'Manager' } }
    'Update-SwarmUnlockKey/Replace the key and keep the new one' = @{ Spoils = $true; Nothing = $true; Before = { $null = $nodes | Initialize-Swarm -AutoLock }; Expect = { $vault.Secret | Should -BeOfType securestring } }
    'Update-SwarmRegistryCredential/Preview' = @{ Nothing = $true }
    'Update-SwarmSecret/A new generated password' = @{ Expect = { param($out) $out.Services | Should -Contain 'db' } }
    'Update-SwarmSecret/A new certificate for the web tier' = @{ Expect = { param($out) $out.Name | Should -Be 'wordpress-tls' } }
    'Update-SwarmService/Each region of an edge service, one after the other' = @{ Before = { Add-GeoDns }; Expect = { param($out) $out | Should -HaveCount 3; $out.Image | Should -Match '/web:2'; ($nodes | Get-SwarmGeoDns -SkipDelegation).Regions.IsOut | Should -Not -Contain $true; Remove-Workload } }
    'Update-SwarmService/A new image'       = @{ Expect = { param($out) $out.Image | Should -Match '/web:2' } }
    'Wait-SwarmService/After docker stack deploy' = @{ Expect = { param($out) $out.Name | Should -Be 'web', 'db' } }
}
