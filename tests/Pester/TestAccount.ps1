# A lab with an endpoint of EC2 and Route 53, for files that need an account. Dot-sourced in BeforeAll; where the endpoint's program (moto) is missing and cannot be
# installed, that fails with the reason: what is skipped would look as if it were tested.
$labCommand = Join-Path $PSScriptRoot .. .. lab lab
$labName = "b${PID}$AccountLab"
$said = & $labCommand up --name $labName --ec2 2>&1
if ($LASTEXITCODE -ne 0) { throw "The lab has no EC2 endpoint: $($said -join "`n")" }
$status = & $labCommand status --name $labName --json | ConvertFrom-Json
$aws = @{ EndpointUrl = $status.ec2EndpointUrl; AccessKey = 'test'; SecretKey = 'test' }
