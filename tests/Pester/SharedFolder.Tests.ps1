# What a user sees of shared folders where no swarm is needed; the folders themselves are tested in tests/Lab/FolderTests.cs.
BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
    $node = New-SwarmNode -Name a -Region a -PublicAddress 203.0.113.250
}

Describe 'New-SwarmSharedFolder, without any swarm' {
    It 'refuses <Options.Keys> <Options.Values> (<Id>)' -ForEach @(
        @{ Options = @{ Name = 'Uploads' }; Id = 'FolderNameInvalid' }
        @{ Options = @{ Path = '/srv' }; Id = 'FolderPathInvalid' }
        @{ Options = @{ Path = '/etc/nginx' }; Id = 'FolderPathInvalid' }
        @{ Options = @{ Owner = 'www-data' }; Id = 'FolderOwnerInvalid' }
        @{ Options = @{ Image = 'UPPER CASE' }; Id = 'ImageNameInvalid' }
    ) {
        $all = @{ Name = 'uploads'; Path = '/srv/uploads' }
        $Options.GetEnumerator() | ForEach-Object { $all[$_.Key] = $_.Value }
        $failure = { $node | New-SwarmSharedFolder -Overlay internal @all -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'takes one overlay network only' {
        $networks = 'one', 'two' | ForEach-Object { [SwarmOps.SwarmOverlay] @{ Name = $_; Nodes = [SwarmOps.SwarmNode[]] $node } }
        { $networks | New-SwarmSharedFolder uploads /srv/uploads -ErrorAction Stop } | Should -Throw -ErrorId 'FolderOverlaySecond,*'
    }

    It 'does nothing for no nodes' {
        @() | New-SwarmSharedFolder uploads /srv/uploads -Overlay internal | Should -BeNullOrEmpty
    }
}

Describe 'Test-SwarmSharedFolder, without any swarm' {
    It 'needs the nodes of a folder' {
        { [SwarmOps.SwarmSharedFolder] @{ Name = 'uploads' } | Test-SwarmSharedFolder -ErrorAction Stop } | Should -Throw -ErrorId 'FolderNodeMissing,*'
    }
}

Describe 'The view of a shared folder' {
    It 'shows copies, sizes and findings' {
        $copy = [SwarmOps.SwarmSharedFolderCopy] @{ Folder = 'uploads'; Node = 'eu-1'; State = 'Syncing'; Completion = 75; BytesBehind = 2500000; Files = 3 }
        $folder = [SwarmOps.SwarmSharedFolder] @{ Name = 'uploads'; Path = '/srv/uploads'; Status = 'Syncing'; Files = 4; Bytes = 10000000; Copies = [SwarmOps.SwarmSharedFolderCopy[]] $copy }
        ($folder | Out-String -Width 200) | Should -Match 'uploads\s+Syncing\s+/srv/uploads\s+4\s+10\.0 MB\s+-\s+eu-1: Syncing\s+-'
        ($copy | Out-String -Width 200) | Should -Match 'eu-1\s+Syncing\s+75 %\s+2\.5 MB\s+3'
    }

    It 'shows that a path was not tested' {
        $path = [SwarmOps.SwarmSharedFolderPath] @{ Folder = 'uploads'; From = 'a'; To = 'b'; Result = 'NotTested'; Detail = 'b does not run' }
        ($path | Out-String -Width 200) | Should -Match 'a\s+b\s+NotTested\s+-\s+b does not run'
    }
}
